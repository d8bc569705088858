internal import Domain
internal import LockboxProto
internal import ServiceKit

/// The name of this service's feed.
let feedName = "expiry"

/// What expiry does with approvals' feed: each open stage and each live grant has a deadline, and
/// nothing else has.
extension ExpiryTransaction {
  /// Applies one event of approvals' feed.
  func applyApprovals(_ event: EventV1.Event) throws {
    switch event.payload {
    case .stageOpened(let stage):
      try set(
        event, .stage(Int(stage.stage)), due: Timestamp(stage.deadline),
        notice: Timestamp(stage.nextNoticeTime))
    case .accessRequestApproved(let approved):
      guard let grant = GrantID(approved.grant?.grantID ?? "") else { throw unreadable(event) }
      try set(event, .grant(grant), due: Timestamp(approved.grant?.endTime))
    case .accessRequestExpired:
      try fire(try request(event))
    case .grantEnded(let ended):
      let request = try request(event)
      if ended.reason == .windowEnded { try fire(request) } else { try remove(request) }
    case .accessRequestDenied, .accessRequestWithdrawn, .grantRevoked:
      try remove(try request(event))
    default:
      break
    }
  }

  /// Notes that the request's deadline has fired, once: whether approvals' answer or its event tells
  /// of it first.
  func fire(_ request: RequestID) throws {
    guard let deadline = try deadline(of: request) else { return }
    let fired: EventV1.DeadlineFired =
      switch deadline.kind {
      case .stage(let stage):
        .init(kind: .stage, deadline: .init(deadline.due), stage: UInt32(stage))
      case .grant(let grant):
        .init(kind: .grant, deadline: .init(deadline.due), grantID: grant.description)
      }
    let draft = EventDraft(
      time: now, tenant: deadline.tenant, request: request, origin: .system(),
      payload: .deadlineFired(fired))
    try remove(request)
    try countFired()
    try append { try draft.serialized(feed: feedName, sequence: $0) }
  }

  private func set(
    _ event: EventV1.Event, _ kind: Deadline.Kind, due: Timestamp?, notice: Timestamp? = nil
  ) throws {
    guard let tenant = TenantID(event.tenantID), let due else { throw unreadable(event) }
    try set(
      Deadline(request: try request(event), tenant: tenant, kind: kind, due: due, notice: notice))
  }

  private func request(_ event: EventV1.Event) throws -> RequestID {
    guard let id = RequestID(event.requestID) else { throw unreadable(event) }
    return id
  }

  private func unreadable(_ event: EventV1.Event) -> StoredMessageError {
    StoredMessageError(message: "event of approvals' feed", id: event.eventID)
  }
}
