internal import LockboxProto
internal import RPC
internal import Testing

@testable internal import Audit

@Suite("Tailing a log")
struct TailTests {
  @Test("what is there comes first, then what is appended, without gap", arguments: [0, 3, 30])
  func follows(start: UInt64) async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    try await service.ingest.log(events.batch(10, tenants: ["acme", "globex"]))
    let (messages, sink) = AsyncStream.makeStream(of: AuditV1.TailEntriesResponse.self)
    let task = Task {
      try await service.entries.tail(.acme, from: start) { sink.yield($0) }
    }
    let end: UInt64 = 105
    // The log grows to 105 entries, by batches that come whenever the tail is where it is.
    for _ in 0..<20 {
      try await service.ingest.log(events.batch(10, tenants: ["acme", "globex"]))
      await Task.yield()
    }
    var seen: [UInt64] = []
    for await message in messages {
      seen += message.entries.map(\.index)
      if seen.last == end - 1 { break }
    }
    #expect(seen == (start..<end).map { $0 })
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("a message holds at most 256 entries")
  func messages() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    try await service.ingest.log(events.batch(600))
    let (messages, sink) = AsyncStream.makeStream(of: AuditV1.TailEntriesResponse.self)
    let task = Task { try await service.entries.tail(.acme, from: 0) { sink.yield($0) } }
    var counts: [Int] = []
    for await message in messages {
      counts.append(message.entries.count)
      if counts.reduce(0, +) == 600 { break }
    }
    #expect(counts == [256, 256, 88])
    task.cancel()
    _ = await task.result
  }

  @Test("the end of the service ends the stream as unavailable")
  func finish() async throws {
    let service = TestService(MemoryAuditStore())
    let task = Task { try await service.entries.tail(.acme, from: 0) { _ in } }
    await Task.yield()
    service.arrivals.finish()
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .unavailable)
  }
}
