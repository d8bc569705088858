internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Storage

/// `WatchAccessRequests`: the feed, turned into the requests that it tells of.
struct WatchHandler: Sendable {
  let desk: Desk
  let feed: Feed

  func add(to router: inout Router) {
    router.serverStreaming(ApprovalsV1.ApprovalsService.watchAccessRequests, watch)
  }

  private func watch(
    _ request: ApprovalsV1.WatchAccessRequestsRequest,
    _ responses: ResponseWriter<ApprovalsV1.WatchAccessRequestsResponse>,
    _ context: ServerContext
  ) async throws {
    let caller = try context.caller()
    let view = try RequestView(caller: caller, tenant: request.tenantID, states: [])
    var sequence = request.afterSequence == 0 ? feed.last : request.afterSequence
    guard sequence <= feed.last else {
      throw RPCError(.outOfRange, "after_sequence is beyond the newest change")
    }
    try await responses.sendHeaders()
    while true {
      let records = try await feed.next(after: sequence, limit: 256)
      guard let last = records.last else { continue }
      sequence = last.sequence
      for (stored, sequence) in try await requests(in: records)
      where stored.isVisible(to: caller) && view.includes(stored.record.request.tenant) {
        try await responses.send(
          .init(accessRequest: try .init(stored, at: desk.now), sequence: sequence))
      }
    }
  }

  /// The requests that `records` tell of, each once as it is now, with the last sequence of it.
  private func requests(in records: [FeedRecord]) async throws -> [(StoredRequest, UInt64)] {
    var last: [RequestID: UInt64] = [:]
    for record in records {
      let event = try EventV1.Event(serialized: record.event)
      if let id = RequestID(event.requestID) { last[id] = record.sequence }
    }
    let changed = last.sorted { $0.value < $1.value }
    return try await desk.store.read { store in
      try changed.compactMap { id, sequence in
        try store.request(id).map { ($0, sequence) }
      }
    }
  }
}
