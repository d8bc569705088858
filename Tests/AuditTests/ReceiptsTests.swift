internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import RPC
internal import Testing

@testable internal import Audit

@Suite("Receipts")
struct AuditReceiptsTests {
  @Test("a receipt holds offline, for every entry", arguments: StoreKind.allCases)
  func everyEntry(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let service = TestService(store)
      var events = TestEvents()
      let batch = events.batch(70, tenants: ["acme", "globex", "acme", ""])
      try await service.ingest.log(batch)
      for event in batch.events {
        let answer = try await service.proofs.awaitReceipt(
          .init(tenantID: event.log.tenantID, eventID: event.id.description))
        let message = try #require(answer.receipt)
        #expect(message.entry == event.bytes)
        #expect(message.origin == TestService.origins.origin(of: event.log).rawValue)
        let receipt = Receipt(
          index: message.index, inclusionProof: message.inclusionProof.compactMap { Hash($0) },
          checkpoint: message.checkpoint)
        _ = try receipt.verify(
          entry: message.entry, origin: TestService.origins.origin(of: event.log),
          verifiers: [TestService.verifier(event.log)])
      }
    }
  }

  @Test("an event that is not known yet is waited for")
  func waits() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    let batch = events.batch(3)
    let waiting = batch.events.map { event in
      Task { try await service.receipts.receipt(of: event.id, in: .acme) }
    }
    await Task.yield()
    try await service.ingest.log(batch)
    for (task, event) in zip(waiting, batch.events) {
      #expect(try await task.value.0.event == event.bytes)
    }
  }

  @Test("another log's event, an unknown log and an unknown event all wait until the call ends")
  func foreign() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    let batch = events.batch(1, tenants: ["globex"])
    let id = batch.events[0].id
    let waiting = [
      // Asked for before and after the event stands in the other log.
      Task { _ = try await service.receipts.receipt(of: id, in: .acme) },
      Task { _ = try await service.receipts.receipt(of: id, in: .provider) },
    ]
    await Task.yield()
    try await service.ingest.log(batch)
    let later = [
      Task { _ = try await service.receipts.receipt(of: id, in: .acme) },
      Task { _ = try await service.receipts.receipt(of: .make(at: .epoch), in: .globex) },
    ]
    // Another event passes by all of them.
    try await service.ingest.log(events.batch(1))
    for task in waiting + later {
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("the end of the service ends all waiting, now and later")
  func finish() async throws {
    let service = TestService(MemoryAuditStore())
    let task = Task { _ = try await service.receipts.receipt(of: .make(at: .epoch), in: .acme) }
    await Task.yield()
    service.arrivals.finish()
    await #expect(throws: CancellationError.self) { try await task.value }
    await #expect(throws: CancellationError.self) {
      try await service.receipts.receipt(of: .make(at: .epoch), in: .acme)
    }
  }

  @Test("nobody is left waiting in memory once the answer is there")
  func forgotten() async throws {
    let subscribers = Subscribers<Int, Int>()
    do {
      let stream = subscribers.stream(of: 1)
      #expect(!subscribers.isEmpty)
      subscribers.tell(1, 5)
      subscribers.tell(2, 6)
      for await value in stream {
        #expect(value == 5)
        break
      }
    }
    #expect(subscribers.isEmpty)
  }

  @Test(
    "malformed ids are violations of their fields",
    arguments: [
      ("Acme", "01899e56-0000-7000-8000-000000000001", "tenant_id"), ("acme", "", "event_id"),
      ("acme", "7", "event_id"), ("", "01899e56-0000-4000-8000-000000000001", "event_id"),
    ])
  func malformed(tenant: String, event: String, field: String) async throws {
    let service = TestService(MemoryAuditStore())
    await #expect {
      try await service.proofs.awaitReceipt(.init(tenantID: tenant, eventID: event))
    } throws: { ($0 as? Violation)?.field == field }
  }
}
