internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto

/// A made-up event of each kind, for previews.
struct SampleContent {
  let kind: NoticeKind
  let tenant: TenantID?
  let settings: CommonV1.TenantSettings?
  let now: Timestamp

  /// - Parameter request: one as it is; nil: a made-up one.
  func content(_ request: StoredRequest?) throws -> NoticeContent {
    let shown = try request ?? sampleRequest()
    let person = CommonV1.Subject(id: "max", displayName: "Max Sample")
    let event = EventV1.Event(
      eventID: EventID.make(at: now).description, time: .init(now),
      tenantID: shown.tenant.text, requestID: shown.id.description,
      actor: .init(subject: person, role: "approver", authentication: .bearerToken),
      payload: try payload(shown))
    return NoticeContent(
      event: event, request: kind.isOfRequest ? shown : nil,
      settings: settings ?? .init(tenantID: shown.tenant.text, displayName: "Example, Inc."))
  }

  private func sampleRequest() throws -> StoredRequest {
    guard let tenant = tenant ?? TenantID("example") else { preconditionFailure("a name") }
    let id = RequestID.make(at: now)
    let request = CommonV1.AccessRequest(
      requestID: id.description, tenantID: tenant.text, workload: "exchange",
      engineer: .init(id: "erin", displayName: "Erin Sample"),
      reasonCode: .customerInitiatedSupport,
      justification: "Mail loops for Alice; need to see the transport headers.",
      ticket: "T-4711", scope: .init(resources: ["mailboxes/alice"], actions: [.read]),
      duration: .init(seconds: 7_200), receiveTime: .init(now), severity: .medium)
    var stored = StoredRequest(
      id: id, tenant: tenant, accessRequest: try request.serialized(), engineerMail: "")
    stored.progress.phase = .awaitingCustomer
    stored.progress.side = .customer
    stored.progress.stageName = "customer"
    stored.progress.deadline = now + .hours(12)
    if kind == .reviewDue { stored.progress.reviewDue = now + .hours(72) }
    return stored
  }

  private func payload(_ request: StoredRequest) throws -> EventV1.Event.Payload {
    let progress = request.progress
    let stage = UInt32(clamping: progress.stage)
    let deadline = (progress.deadline ?? now + .hours(12)).message
    let access = try CommonV1.AccessRequest(serialized: request.accessRequest, limits: .response)
    let grant = CommonV1.Grant(
      requestID: request.id.description, scope: access.scope, startTime: .init(now),
      endTime: .init(now + (Duration(access.duration) ?? .hours(2))))
    let text = CommonV1.ThreadEntry(
      kind: kind == .answer ? .answer : .question,
      author: .init(id: "ana", displayName: "Ana Sample"), text: "Which mailboxes do you need?",
      time: .init(now))
    switch kind {
    case .approvalNeeded, .progress, .test:
      return .stageOpened(
        .init(
          stage: stage, side: progress.side, name: progress.stageName, quorum: 1,
          deadline: deadline))
    case .reminder:
      return .stageReminder(
        .init(stage: stage, name: progress.stageName, quorum: 1, deadline: deadline))
    case .aboutToExpire:
      return .accessRequestAboutToExpire(
        .init(stage: stage, name: progress.stageName, quorum: 1, deadline: deadline))
    case .escalated:
      return .stageEscalated(
        .init(stage: stage, name: progress.stageName, quorum: 1, deadline: deadline))
    case .quorumOutOfReach:
      return .quorumOutOfReach(
        .init(stage: stage, name: progress.stageName, quorum: 2, deadline: deadline, available: 1))
    case .approved: return .accessRequestApproved(.init(grant: grant))
    case .denied: return .accessRequestDenied(.init(stage: stage))
    case .expired: return .accessRequestExpired(.init(stage: stage, deadline: deadline))
    case .withdrawn: return .accessRequestWithdrawn(.init(comment: "Solved otherwise."))
    case .question, .answer: return .threadEntryAdded(.init(entry: text))
    case .grantRevoked: return .grantRevoked(.init(comment: "That is enough."))
    case .grantEnded, .reviewDue: return .grantEnded(.init(reason: .windowEnded))
    case .breakGlassOpened:
      return .breakGlassOpened(.init(engineer: access.engineer, reasonCode: access.reasonCode))
    case .breakGlassUsed:
      return .breakGlassUsed(.init(grant: grant, reviewDueTime: .init(now + .hours(72))))
    case .reviewClosed:
      return .breakGlassReviewClosed(.init(review: .init(verdict: .accepted)))
    case .settingsChanged:
      return .tenantApplied(.init(settings: settings ?? .init(lockboxEnabled: true), version: 2))
    case .keyRegistered:
      return .approverKeyRegistered(
        .init(
          key: .init(
            approver: .init(id: "ana", displayName: "Ana Sample"), label: "laptop",
            usableTime: .init(now + .hours(24)))))
    }
  }
}

extension NoticeKind {
  var isOfRequest: Bool {
    switch self {
    case .settingsChanged, .keyRegistered, .test: false
    case .approvalNeeded, .reminder, .aboutToExpire, .escalated, .quorumOutOfReach, .approved,
      .denied, .expired, .withdrawn, .question, .answer, .grantRevoked, .grantEnded,
      .breakGlassOpened, .breakGlassUsed, .reviewDue, .reviewClosed, .progress:
      true
    }
  }
}

extension Timestamp {
  fileprivate var message: GoogleProtobuf.Timestamp { .init(self) }
}
