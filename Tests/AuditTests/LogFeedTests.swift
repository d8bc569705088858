internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import Testing

@testable internal import Audit

@Suite("Following all logs")
struct LogFeedTests {
  @Test("what is there comes first, then what is logged, without gap", arguments: [0, 3, 30])
  func follows(after: UInt64) async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    try await service.ingest.log(events.batch(40, tenants: ["acme", "globex", ""]))
    let feed = LogFeedHandlers(store: service.store, arrivals: service.arrivals)
    let (messages, sink) = AsyncStream.makeStream(of: AuditV1.SubscribeLogsResponse.self)
    let task = Task { try await feed.follow(after: after) { sink.yield($0) } }
    let end: UInt64 = 240
    for _ in 0..<20 {
      try await service.ingest.log(events.batch(10, tenants: ["acme", "globex", ""]))
      await Task.yield()
    }
    var seen: [AuditV1.LogRecord] = []
    for await message in messages {
      seen += message.records
      if seen.last?.sequence == end { break }
    }
    #expect(seen.map(\.sequence) == ((after + 1)...end).map { $0 })
    #expect(Set(seen.map(\.tenantID)) == ["acme", "globex", ""])
    #expect(
      try seen.allSatisfy { try EventV1.Event(serialized: $0.event).tenantID == $0.tenantID })
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("the end of the service ends the stream as unavailable")
  func finish() async throws {
    let service = TestService(MemoryAuditStore())
    let feed = LogFeedHandlers(store: service.store, arrivals: service.arrivals)
    let task = Task { try await feed.follow(after: 0) { _ in } }
    await Task.yield()
    service.arrivals.finish()
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .unavailable)
  }
}
