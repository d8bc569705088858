internal import MerkleLog
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Audit

@Suite("Checking the logs", .serialized)
struct LogCheckTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let change: @Sendable (Transaction) throws -> Void
    /// What the full check finds.
    let fault: LogFault.Kind
    /// Whether the quick check before a start finds something too.
    let isSeenAtStart: Bool
    var testDescription: String { what }
  }

  @Test("an untouched log is whole", arguments: StoreKind.allCases)
  func whole(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let service = TestService(store)
      #expect(try await service.check.everything() == LogCheck.Report())
      var events = TestEvents()
      try await service.ingest.log(events.batch(90, tenants: ["acme", "globex"]))
      _ = try await service.signed.newest(of: .acme)
      try await service.ingest.log(events.batch(90, tenants: ["acme", "globex"]))
      try await service.check.checkpoints()
      #expect(try await service.check.everything() == LogCheck.Report(logs: 2, entries: 180))
    }
  }

  @Test(
    "whatever is changed on disk is found, with the first bad index",
    arguments: [
      Case(
        what: "one byte of an event",
        change: { transaction in
          try transaction.execute(
            "UPDATE event SET bytes = "
              + "CAST(substr(bytes, 1, 40) || 'x' || substr(bytes, 42) AS BLOB) WHERE position = (SELECT position FROM entry WHERE log = 1 AND idx = 21)"
          )
        }, fault: .changedEntry(index: 21), isSeenAtStart: false),
      Case(
        what: "a leaf hash",
        change: {
          try $0.execute("UPDATE entry SET leaf = zeroblob(32) WHERE log = 1 AND idx = 5")
        },
        fault: .changedEntry(index: 5), isSeenAtStart: false),
      Case(
        what: "a node",
        change: {
          try $0.execute(
            "UPDATE node SET hash = zeroblob(32) WHERE log = 1 AND level = 4 AND idx = 1")
        }, fault: .changedSubtree(first: 16, end: 32), isSeenAtStart: false),
      Case(
        what: "the node that the checkpoint is made from",
        change: {
          try $0.execute(
            "UPDATE node SET hash = zeroblob(32) WHERE log = 1 AND level = 5 AND idx = 0")
        }, fault: .changedSubtree(first: 0, end: 32), isSeenAtStart: true),
      Case(
        what: "an entry in the middle taken out",
        change: { try $0.execute("DELETE FROM entry WHERE log = 1 AND idx = 30") },
        fault: .missingEntry(index: 30), isSeenAtStart: false),
      Case(
        what: "an event's bytes taken out",
        change: {
          try $0.execute(
            "DELETE FROM event WHERE position = "
              + "(SELECT position FROM entry WHERE log = 1 AND idx = 7)")
        }, fault: .missingEntry(index: 7), isSeenAtStart: false),
      Case(
        what: "the end cut off below the checkpoint",
        change: { try $0.execute("DELETE FROM entry WHERE log = 1 AND idx >= 39") },
        fault: .checkpoint(size: 40), isSeenAtStart: true),
      Case(
        what: "an entry filed under another time",
        change: { try $0.execute("UPDATE entry SET time = time + 1 WHERE log = 1 AND idx = 11") },
        fault: .changedIndex(index: 11, nil), isSeenAtStart: false),
      Case(
        what: "an entry filed under another kind",
        change: { try $0.execute("UPDATE entry SET kind = 33 WHERE log = 1 AND idx = 12") },
        fault: .changedIndex(index: 12, nil), isSeenAtStart: false),
      Case(
        what: "the checkpoint's size",
        change: { try $0.execute("UPDATE checkpoint SET size = 39 WHERE log = 1") },
        fault: .checkpoint(size: 39), isSeenAtStart: true),
      Case(
        what: "the checkpoint's signature",
        change: {
          try $0.execute(
            "UPDATE checkpoint SET note = replace(note, 'log.example/lockbox/acme ', "
              + "'log.example/lockbox/globex ') WHERE log = 1")
        }, fault: .foreignCheckpoint(size: 40), isSeenAtStart: true),
    ])
  func tampered(test: Case) async throws {
    let folder = TemporaryDirectory()
    try await withDatabase(in: folder) { store in
      let service = TestService(store)
      var events = TestEvents()
      try await service.ingest.log(events.batch(80, tenants: ["acme", "globex"]))
      #expect(try await service.signed.newest(of: .acme).size == 40)
      _ = try await service.signed.newest(of: .globex)
      try await store.database.write(test.change)
      let fault = LogFault(log: .acme, kind: test.fault)
      await #expect(throws: fault) { try await service.check.everything() }
      if test.isSeenAtStart {
        await #expect(throws: LogFault.self) { try await service.check.checkpoints() }
      } else {
        try await service.check.checkpoints()
      }
    }
  }

  @Test("a consistently rewritten past is found against the signed checkpoint")
  func rewritten() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(40))
    let signed = try await service.signed.newest(of: .acme)

    // Another log of the same size with every hash right, under the old checkpoint.
    let forged = MemoryAuditStore()
    var others = TestEvents()
    _ = try await forged.append(others.batch(40))
    try await forged.save([signed])
    let check = TestService(forged).check
    let fault = LogFault(log: .acme, kind: .checkpoint(size: 40))
    await #expect(throws: fault) { try await check.everything() }
    await #expect(throws: fault) { try await check.checkpoints() }
  }

  @Test("another signing key than the one the checkpoints are signed with is refused")
  func otherKey() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    try await service.ingest.log(events.batch(2))
    _ = try await service.signed.newest(of: .acme)
    let check = LogCheck(store: service.store, origins: TestService.origins, key: .generate())
    await #expect(throws: LogFault(log: .acme, kind: .foreignCheckpoint(size: 2))) {
      try await check.checkpoints()
    }
  }
}
