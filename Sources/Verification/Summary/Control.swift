internal import LockboxProto

/// A statement that auditors ask about, and which of a log's entries show that it is kept.
struct Control: Sendable {
  let id: String
  let statement: String
  /// What the entries show of it.
  let shownBy: String
  let isShown: @Sendable (EventV1.Event.Payload) -> Bool
}

extension Control {
  /// NIST SP 800-53 Rev. 5 (catalog 5.1.1); 45 CFR 164; the AICPA's criteria and Regulation (EU)
  /// 2024/1774 in short.
  static let all: [Control] = nist + others

  private static let nist = [
    Control(
      id: "MA-4 a, d",
      statement: "Approve and monitor nonlocal maintenance and diagnostic activities; maintain "
        + "records for nonlocal maintenance and diagnostic activities.",
      shownBy: "requests with their reason, and what was decided on them",
      isShown: { $0.isOneOf(.request, .decision, .approval, .token) }),
    Control(
      id: "MA-4 e",
      statement:
        "Terminate session and network connections when nonlocal maintenance is completed.",
      shownBy: "grants that ended, were given back or revoked", isShown: { $0.isOneOf(.ending) }),
    Control(
      id: "MA-4(5)",
      statement: "Require the approval of each nonlocal maintenance session by [personnel or "
        + "roles]; and notify the following personnel or roles of the date and time of planned "
        + "nonlocal maintenance.",
      shownBy: "stages that opened for their people, decisions, and whom break-glass told",
      isShown: { $0.isOneOf(.notice, .decision, .breakGlass) }),
    Control(
      id: "AC-2(2)",
      statement: "Automatically [remove; disable] temporary and emergency accounts after [time "
        + "period].",
      shownBy: "grants and requests that ended by themselves", isShown: { $0.isOneOf(.expiry) }),
    Control(
      id: "AC-3(2), AC-5",
      statement: "Enforce dual authorization for [privileged commands and/or other actions]; "
        + "identify and document duties of individuals, and define system access authorizations to "
        + "support separation of duties.",
      shownBy: "the stages that a request had to pass, and who decided at each",
      isShown: { $0.isOneOf(.stages, .decision) }),
    Control(
      id: "AC-6(9)", statement: "Log the execution of privileged functions.",
      shownBy: "approvals, access tokens, and every use of break-glass",
      isShown: { $0.isOneOf(.approval, .token, .breakGlass) }),
    Control(
      id: "AC-17(4) a",
      statement: "Authorize the execution of privileged commands and access to security-relevant "
        + "information via remote access only in a format that provides assessable evidence.",
      shownBy: "approvals, each with its proof in the log", isShown: { $0.isOneOf(.approval) }),
    Control(
      id: "AU-10",
      statement: "Provide irrefutable evidence that an individual (or process acting on behalf of "
        + "an individual) has performed [actions].",
      shownBy: "decisions that their approvers signed with keys of their own",
      isShown: { $0.isOneOf(.signedDecision) }),
  ]

  private static let others = [
    Control(
      id: "SOC 2 CC6.2",
      statement: "Prior to issuing system credentials and granting system access, the entity "
        + "registers and authorizes new internal and external users; credentials are removed when "
        + "access is no longer authorized.",
      shownBy: "approvals before every token, and the end of every grant",
      isShown: { $0.isOneOf(.approval, .token, .ending) }),
    Control(
      id: "SOC 2 CC6.3",
      statement: "Authorizes, modifies, or removes access based on roles, responsibilities, least "
        + "privilege and segregation of duties.",
      shownBy: "decisions, with what they left of the scope; changed settings",
      isShown: { $0.isOneOf(.decision, .settings) }),
    Control(
      id: "HIPAA 164.312(a)(2)(ii)", statement: "Emergency access procedure.",
      shownBy: "break-glass, and its review", isShown: { $0.isOneOf(.breakGlass) }),
    Control(
      id: "HIPAA 164.312(b)", statement: "Audit controls.",
      shownBy: "every entry, with its proof in the log", isShown: { _ in true }),
    Control(
      id: "DORA RTS Art. 21(1)",
      statement: "Access rights on need-to-know and least privilege, including for remote and "
        + "emergency access; segregation of duties; users identifiable for actions at all times; "
        + "withdrawal.",
      shownBy: "requests, decisions, approvals and endings, each with who acted",
      isShown: { $0.isOneOf(.request, .decision, .approval, .ending, .breakGlass) }),
  ]
}

/// What an entry can be evidence of.
enum EvidenceKind: Hashable {
  case request, stages, notice, decision, signedDecision, approval, token, ending, expiry
  case breakGlass, settings
}

extension EventV1.Event.Payload {
  fileprivate func isOneOf(_ wanted: EvidenceKind...) -> Bool {
    !evidenceKinds.isDisjoint(with: wanted)
  }

  private var evidenceKinds: Set<EvidenceKind> {
    switch self {
    case .accessRequestReceived: [.request]
    case .withdrawalReceived, .accessRequestWithdrawn, .threadEntryAdded: [.request]
    case .accessRequestOpened: [.request, .stages]
    case .stageOpened, .stageReminder, .stageEscalated, .accessRequestAboutToExpire,
      .quorumOutOfReach, .noticeDelivered, .noticeGivenUp, .noticeDropped, .noticesRetried:
      [.notice]
    case .decisionRecorded(let it):
      it.decision?.signature == nil ? [.decision] : [.decision, .signedDecision]
    case .accessRequestDenied: [.decision]
    case .accessRequestApproved: [.approval]
    case .accessRequestExpired, .deadlineFired: [.expiry]
    case .grantRevoked: [.ending]
    case .grantEnded(let it): it.reason == .windowEnded ? [.ending, .expiry] : [.ending]
    case .accessTokenIssued: [.token]
    case .breakGlassOpened, .breakGlassUsed, .breakGlassReviewClosed: [.breakGlass]
    case .tenantApplied, .policyApplied, .approverKeyRegistered, .approverKeyConfirmed,
      .approverKeyRevoked, .absenceSet, .absenceEnded, .subjectsLinked, .subjectUnlinked,
      .signingKeyActivated, .eventsDropped, .activitySubscriptionStarted,
      .activitySubscriptionStopped,
      .activityWebhookDisabled, .destinationCreated, .destinationUpdated, .destinationDeleted,
      .destinationDisabled, .deadLettersChanged, .channelCreated, .channelUpdated,
      .channelDeleted, .channelDisabled:
      [.settings]
    }
  }
}
