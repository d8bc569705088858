internal import LockboxProto
internal import ProtobufC

extension EntryKind {
  /// The kinds whose events hold what people wrote.
  static let withText: Set<EntryKind> = [
    .accessRequestReceived, .withdrawalReceived, .decisionRecorded, .accessRequestWithdrawn,
    .grantRevoked, .threadEntryAdded, .breakGlassReviewClosed,
  ]
}

extension EventV1.Event {
  /// What people wrote: justification and ticket, comments, questions and answers.
  var texts: [String] {
    switch payload {
    case .accessRequestReceived(let it):
      (try? CommonV1.AccessRequest(serialized: it.accessRequest, limits: .response)).map {
        [$0.justification, $0.ticket]
      } ?? []
    case .withdrawalReceived(let it): [it.comment]
    case .decisionRecorded(let it): [it.decision?.comment ?? ""]
    case .accessRequestWithdrawn(let it): [it.comment]
    case .grantRevoked(let it): [it.comment]
    case .threadEntryAdded(let it): [it.entry?.text ?? ""]
    case .breakGlassReviewClosed(let it): [it.review?.comment ?? ""]
    case .accessRequestOpened, .stageOpened, .accessRequestApproved, .accessRequestDenied,
      .accessRequestExpired, .grantEnded, .accessTokenIssued, .tenantApplied, .policyApplied,
      .deadlineFired, .approverKeyRegistered, .approverKeyConfirmed, .approverKeyRevoked,
      .absenceSet, .absenceEnded, .stageReminder, .stageEscalated, .accessRequestAboutToExpire,
      .quorumOutOfReach, .breakGlassOpened, .breakGlassUsed, .subjectsLinked, .subjectUnlinked,
      .signingKeyActivated, .eventsDropped, .activitySubscriptionStarted,
      .activitySubscriptionStopped, .activityWebhookDisabled, .destinationCreated,
      .destinationUpdated, .destinationDeleted,
      .destinationDisabled, .deadLettersChanged, .noticeDelivered, .noticeGivenUp, .noticeDropped,
      .noticesRetried, .channelCreated, .channelUpdated, .channelDeleted, .channelDisabled, nil:
      []
    }
  }
}
