internal import Domain
internal import LockboxProto
internal import ServiceKit

/// An event of approvals is of a request that intake has not told of yet.
struct UnknownRequest: Error, Hashable {
  let id: RequestID
}

/// Applies events of the two feeds: what they say of requests and settings, and the notices that
/// follow. Within the transaction that moves the cursor.
struct FeedApplier: Sendable {
  let provider: ProviderNotices
  /// Requests that are older may have been forgotten.
  let retention: Duration
  /// Channels of one owner at most.
  static let mostChannels = 64

  /// Applies one event of intake's feed.
  func applyIntake(_ event: EventV1.Event, in transaction: any NotifyTransaction) throws {
    guard case .accessRequestReceived(let received) = event.payload else { return }
    guard let id = RequestID(event.requestID), let tenant = TenantID(event.tenantID) else {
      throw unreadable(event)
    }
    try transaction.set(
      StoredRequest(
        id: id, tenant: tenant, accessRequest: received.accessRequest,
        engineerMail: received.engineerMail))
  }

  /// Applies one event of approvals' feed.
  ///
  /// - Parameter bytes: of the event, as it came.
  /// - Returns: the lanes that have something new to send.
  /// - Throws: `UnknownRequest`; then it is to be tried again once intake has told of it.
  func applyApprovals(
    _ event: EventV1.Event, _ bytes: [UInt8], in transaction: any NotifyTransaction
  ) throws -> Set<Lane> {
    guard let payload = event.payload, let id = EventID(event.eventID) else { return [] }
    var request: StoredRequest?
    if let requestID = RequestID(event.requestID) {
      guard var stored = try transaction.request(requestID) else {
        if requestID < .least(at: transaction.now - retention) { return [] }
        throw UnknownRequest(id: requestID)
      }
      let before = stored.progress
      stored.progress.apply(payload)
      if stored.progress != before { try transaction.set(stored) }
      request = stored
    }
    let tenant = TenantID(event.tenantID)
    let settingsBefore = try tenant.flatMap { try transaction.settings(of: $0) }
    var settings = settingsBefore
    if case .tenantApplied(let applied) = payload, let new = applied.settings {
      guard let tenant = TenantID(new.tenantID) else { throw unreadable(event) }
      settings = new
      try transaction.set(new, of: tenant)
    }
    guard let time = Timestamp(event.time), let begun = try transaction.begun(), time >= begun
    else { return [] }
    let planner = NoticePlanner(
      event: event, id: id, request: request,
      settings: NoticeSettings(
        tenant: settings,
        customerChannels: try tenant.map {
          try transaction.channels(of: $0, after: nil, limit: Self.mostChannels)
        } ?? [], provider: provider,
        providerChannels: try transaction.channels(of: nil, after: nil, limit: Self.mostChannels)),
      settingsBefore: settingsBefore, now: transaction.now)
    let drafts = planner.notices()
    guard !drafts.isEmpty else { return [] }
    try transaction.keep(event: id, bytes)
    for draft in drafts {
      try transaction.add(
        StoredNotice(draft, id: .make(at: transaction.now), created: transaction.now))
    }
    return Set(drafts.map(\.lane))
  }

  private func unreadable(_ event: EventV1.Event) -> StoredMessageError {
    StoredMessageError(message: "event of \(event.feed)'s feed", id: event.eventID)
  }
}
