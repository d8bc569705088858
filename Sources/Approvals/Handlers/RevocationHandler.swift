internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage

/// `GrantService.WatchRevocations`: what of the feed takes access away, for those who enforce grants.
struct RevocationHandler: Sendable {
  let desk: Desk
  let feed: Feed

  /// How often it says something: an enforcement point that hears nothing for longer knows that it
  /// does not know.
  static let pulse = Duration.seconds(1)
  /// Whoever is further behind begins anew: the grants that count are fewer than the events.
  private static let longestReplay: UInt64 = 10_000
  private static let pageSize = 500

  func add(to router: inout Router) {
    router.serverStreaming(ApprovalsV1.GrantService.watchRevocations, watch)
  }

  private func watch(
    _ request: ApprovalsV1.WatchRevocationsRequest,
    _ responses: ResponseWriter<ApprovalsV1.WatchRevocationsResponse>,
    _ context: ServerContext
  ) async throws {
    var sequence = request.afterSequence
    let last = feed.last
    guard sequence <= last else {
      throw RPCError(.outOfRange, "after_sequence is beyond the newest event")
    }
    try await responses.sendHeaders()
    if sequence == 0 || last - sequence > Self.longestReplay {
      sequence = last
      try await sendPresent(upTo: sequence, to: responses)
    }
    while true {
      // Taken before the feed is looked at: what is committed later is not promised.
      let now = desk.now
      let records = try await feed.read(after: sequence, limit: 256)
      if let last = records.last {
        let revoked = try await revoked(in: records)
        sequence = last.sequence
        try await responses.send(.init(sequence: sequence, revoked: revoked, time: .init(now)))
      } else {
        try await responses.send(.init(sequence: sequence, time: .init(now)))
      }
      try await waitForNews(after: sequence)
    }
  }

  /// The grants that were cut short and whose windows are not over, in pages.
  private func sendPresent(
    upTo sequence: UInt64, to responses: ResponseWriter<ApprovalsV1.WatchRevocationsResponse>
  ) async throws {
    let now = desk.now
    var before: RequestID?
    while true {
      let query = RequestQuery(
        grants: .cutShort, now: now, before: before, limit: Self.pageSize)
      let page = try await desk.store.read { try $0.requests(query) }
      let isLast = page.count < Self.pageSize
      // Until the last page is sent nothing is complete.
      try await responses.send(
        .init(
          sequence: isLast ? sequence : 0, revoked: page.compactMap { .init($0) },
          time: isLast ? .init(now) : nil))
      if isLast { return }
      before = page.last?.record.request.id
    }
  }

  private func revoked(in records: [FeedRecord]) async throws -> [ApprovalsV1.RevokedGrant] {
    var ids: [RequestID] = []
    for record in records {
      let event = try EventV1.Event(serialized: record.event, limits: .response)
      switch event.payload {
      case .grantRevoked, .grantEnded:
        guard let id = RequestID(event.requestID) else {
          throw StoredMessageError(message: "revocation", id: event.eventID)
        }
        ids.append(id)
      default: break
      }
    }
    guard !ids.isEmpty else { return [] }
    let stored = try await desk.store.read { [ids] store in
      try ids.compactMap { try store.request($0) }
    }
    return stored.compactMap { .init($0) }
  }

  /// Waits for the feed to grow, for a pulse at most.
  private func waitForNews(after sequence: UInt64) async throws {
    let feed = feed
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { _ = try await feed.wait(after: sequence) }
      tasks.addTask { try await Task.sleep(for: Self.pulse) }
      defer { tasks.cancelAll() }
      try await tasks.next()
    }
  }
}

extension ApprovalsV1.RevokedGrant {
  /// Nil for a request that never had a grant.
  fileprivate init?(_ stored: StoredRequest) {
    guard let grant = stored.record.grant else { return nil }
    self.init(
      grantID: grant.id.description, tenantID: stored.record.request.tenant.text,
      state: .init(stored.record.state.name), windowEndTime: .init(grant.end))
  }
}
