internal import LockboxProto
internal import RPC
internal import ServiceKit

/// `lockbox.audit.v1.LogFeedService`: what was logged, for export to hand on.
///
/// Audit keeps no list of who follows: each names its own position. A slow one suspends its own
/// stream only.
struct LogFeedHandlers: Sendable {
  let store: any AuditStore
  let arrivals: Arrivals

  /// Records of one message.
  static let mostRecords = 256
  /// Bytes of the events of one message; a longer event goes alone.
  static let mostBytes = 256 << 10

  func add(to router: inout Router) {
    router.serverStreaming(AuditV1.LogFeedService.subscribeLogs) { request, responses, _ in
      let end = await store.entryCount()
      guard request.afterSequence <= end else {
        throw RPCError.reasoned(
          .outOfRange, "the logs end at \(end), before \(request.afterSequence)",
          reason: "BEYOND_FEED_END")
      }
      try await responses.sendHeaders()
      try await follow(after: request.afterSequence) { try await responses.send($0) }
    }
  }

  /// Sends what is logged after a sequence until the caller or the service ends.
  func follow(
    after sequence: UInt64, send: (AuditV1.SubscribeLogsResponse) async throws -> Void
  ) async throws {
    // Before the first look: nothing that is logged after it goes unnoticed.
    let commits = arrivals.commits()
    var position = LogPosition(sequence: sequence)
    func sendAll() async throws {
      while true {
        let found = try await store.records(
          after: position, limit: Self.mostRecords, maximumBytes: Self.mostBytes)
        if found.records.isEmpty { return }
        try await send(.init(records: found.records.map { .init($0) }))
        position = found.next
      }
    }
    try await sendAll()
    for await _ in commits { try await sendAll() }
    try Task.checkCancellation()
    throw RPCError(.unavailable, "the service stops")
  }
}

extension AuditV1.LogRecord {
  fileprivate init(_ record: LogRecord) {
    self.init(
      sequence: record.sequence, tenantID: record.log.tenantID, index: record.index,
      event: record.event)
  }
}
