internal import Domain
internal import LockboxProto
internal import LogStore
internal import MerkleLog
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Audit

@Suite("What becomes of old entries", .serialized)
struct UpkeepTests {
  private static let year = Duration.hours(365 * 24)
  private static let period = Duration.hours(100 * 24)
  private static let late = TestEvents.start + period + .hours(24)

  private static var options: LogStoreOptions {
    var options = LogStoreOptions()
    options.segmentBytes = 4 << 10
    return options
  }

  /// Settings of acme that keep events for a time, then others' events and acme's.
  private static func fill(_ store: LogAuditStore, retention: Duration?) async throws -> TestEvents
  {
    var events = TestEvents()
    let service = TestService(store)
    let settings = CommonV1.TenantSettings(
      tenantID: "acme", auditRetention: retention.map { .init($0) })
    let first = events.next(payload: .tenantApplied(.init(settings: settings, version: 1)))
    try await service.ingest.log(TestEvents.batch(.approvals, 0, [first]))
    for _ in 0..<20 {
      try await service.ingest.log(events.batch(10, tenants: ["acme", "globex"]))
      _ = try await service.signed.newest(of: .acme)
    }
    await finishIndexes(store)
    return events
  }

  /// Upkeep looks at segments with an index only, and indexes are made beside it.
  private static func finishIndexes(_ store: LogAuditStore) async {
    _ = await eventually {
      let counts = store.log.segmentCounts
      return counts.indexed >= counts.all - 1
    }
  }

  private func upkeep(_ store: LogAuditStore, compressAfter: Duration = .zero) -> Upkeep {
    Upkeep(store: store, ingest: TestService(store).ingest, compressAfter: compressAfter)
  }

  @Test("retention drops a tenant's old events, says so in its log, and proves all the same")
  func retention() async throws {
    let folder = TemporaryDirectory()
    var announced: UInt64 = 0
    var old: Checkpoint?
    try await withLog(in: folder, Self.options) { store in
      _ = try await Self.fill(store, retention: Self.period)
      let service = TestService(store)
      old = try TestService.verified(try await service.signed.newest(of: .acme).note, of: .acme)
      var upkeep = upkeep(store)
      #expect(try await upkeep.run(at: TestEvents.start + Self.period) == .init())
      let done = try await upkeep.run(at: Self.late)
      #expect(done.dropped > 50)
      #expect(try await upkeep.run(at: Self.late) == .init())

      let page = try await service.entries.list(
        .init(pageSize: 500, tenantID: "acme"), by: .acme)
      let gone = page.entries.filter { !$0.leafHash.isEmpty }
      #expect(gone.count == done.dropped && gone.allSatisfy { $0.event.isEmpty })
      #expect(page.entries.map(\.index) == (0..<102).map { $0 })
      // Settings stay, and the log says what went.
      #expect(page.entries[0].leafHash.isEmpty)
      let last = try EventV1.Event(serialized: try #require(page.entries.last).event)
      guard case .eventsDropped(let said) = last.payload else {
        Issue.record("\(String(describing: last.payload))")
        return
      }
      announced = said.belowIndex
      #expect(said.belowIndex == UInt64(done.dropped) + 1 && last.feed == "audit")
      #expect(Duration(said.auditRetention) == Self.period && last.tenantID == "acme")
      let others = try await service.entries.list(
        .init(pageSize: 500, tenantID: "globex"), by: .reader(of: TenantID("globex")))
      #expect(others.entries.count == 100 && others.entries.allSatisfy { $0.leafHash.isEmpty })
      try await expectProofs(service, old)
    }
    // A new start knows from the log how far it was.
    try await withLog(in: folder, Self.options) { store in
      let service = TestService(store)
      try await service.check.checkpoints()
      #expect(try await service.check.everything().entries == 202)
      var upkeep = upkeep(store, compressAfter: .hours(1))
      let done = try await upkeep.run(at: Self.late)
      #expect(done.dropped == 0 && done.compressed > 2)
      let size = try await store.read(.acme) { try $0.size() }
      #expect(size == 102 && announced > 0)
      try await expectProofs(service, old)
      #expect(try await service.check.everything().entries == 202)
    }
    let report = try LogStoreCheck(at: folder.file("log")).run()
    #expect(report.faults.isEmpty && report.derived.isEmpty)
  }

  private func expectProofs(_ service: TestService, _ old: Checkpoint?) async throws {
    let old = try #require(old)
    let note = try await service.proofs.checkpoint(.init(tenantID: "acme"), by: .acme).checkpoint
    let new = try TestService.verified(note, of: .acme)
    let proof = try await service.proofs.consistency(
      .init(tenantID: "acme", oldSize: old.size), by: .acme)
    try ConsistencyProof.verify(
      old: old.size, oldRoot: old.root, new: new.size, newRoot: new.root,
      proof: proof.hashes.compactMap { Hash($0) })
    let page = try await service.entries.list(.init(pageSize: 500, tenantID: "acme"), by: .acme)
    for entry in page.entries {
      let leaf = Hash(entry.leafHash) ?? Hash.leaf(entry.event)
      let proof = try await service.proofs.inclusion(
        .init(tenantID: "acme", index: entry.index), by: .acme)
      try InclusionProof.verify(
        leaf: leaf, index: entry.index, size: new.size, root: new.root,
        proof: proof.hashes.compactMap { Hash($0) })
    }
  }

  @Test("what was said and not done before a crash is done by the next run, and said once")
  func crash() async throws {
    let folder = TemporaryDirectory()
    try await withLog(in: folder, Self.options) { store in
      var events = try await Self.fill(store, retention: Self.period)
      let dropped = EventV1.EventsDropped(belowIndex: 60)
      var bytes = events.next(payload: .eventsDropped(dropped))
      var event = try EventV1.Event(serialized: bytes)
      (event.feed, event.sequence) = ("audit", 1)
      bytes = serialized(event)
      try await TestService(store).ingest.log(TestEvents.batch(.audit, 0, [bytes]))
      var upkeep = upkeep(store)
      // Long before anything is old enough to be said anew.
      #expect(try await upkeep.run(at: TestEvents.start).dropped == 59)
      #expect(try await store.cursor(of: .audit) == 1)
    }
  }

  @Test("without a retention, or with one that no tenant may set, nothing is dropped")
  func forEver() async throws {
    for retention in [nil, Duration.hours(24), .hours(4_000 * 24)] {
      try await withLog(in: TemporaryDirectory(), Self.options) { store in
        _ = try await Self.fill(store, retention: retention)
        var upkeep = upkeep(store)
        #expect(try await upkeep.run(at: TestEvents.start + Self.year * 20) == .init())
        #expect(try await store.cursor(of: .audit) == 0)
      }
    }
  }

  @Test("a dropped event has no receipt any more, and is not found by its words")
  func readers() async throws {
    try await withLog(in: TemporaryDirectory(), Self.options) { store in
      _ = try await Self.fill(store, retention: Self.period)
      let service = TestService(store)
      let id = try await store.read(.acme) { try $0.storedEntries(from: 3, limit: 1)[0].id }
      _ = try await service.receipts.receipt(of: id, in: .acme)
      var upkeep = upkeep(store)
      #expect(try await upkeep.run(at: Self.late).dropped > 50)
      let error = await #expect(throws: RPCError.self) {
        try await service.receipts.receipt(of: id, in: .acme)
      }
      #expect(error?.code == .failedPrecondition && error?.reason == "EVENT_DROPPED")
      let found = try await service.entries.list(
        .init(tenantID: "acme", kinds: ["decision_recorded"], text: "word"), by: .acme)
      #expect(found.entries.isEmpty && found.nextPageToken.isEmpty)
      var tailed = 0
      await #expect(throws: CancellationError.self) {
        try await service.entries.tail(.acme, from: 0) { answer in
          tailed += answer.entries.count { !$0.leafHash.isEmpty }
          if answer.entries.contains(where: { $0.leafHash.isEmpty && $0.index > 90 }) {
            throw CancellationError()
          }
        }
      }
      #expect(tailed > 50)
    }
  }
}
