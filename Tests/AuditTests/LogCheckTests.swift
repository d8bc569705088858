internal import Domain
internal import MerkleLog
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Audit

@Suite("Checking the logs", .serialized)
struct LogCheckTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let change: @Sendable (inout MemoryAuditStore.Log) -> Void
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
    "whatever is changed in a log is found, with the first bad index",
    arguments: [
      Case(
        what: "one byte of an event",
        change: { $0.entries[21] = $0.entries[21].changed { $0.event[40] ^= 1 } },
        fault: .changedEntry(index: 21), isSeenAtStart: false),
      Case(
        what: "a leaf hash",
        change: { $0.entries[5] = $0.entries[5].changed { $0.leaf = .emptyRoot } },
        fault: .changedEntry(index: 5), isSeenAtStart: false),
      Case(
        what: "a node", change: { $0.nodes[TreeNode(level: 4, index: 1)] = .emptyRoot },
        fault: .changedSubtree(first: 16, end: 32), isSeenAtStart: false),
      Case(
        what: "the node that the checkpoint is made from",
        change: { $0.nodes[TreeNode(level: 5, index: 0)] = .emptyRoot },
        fault: .changedSubtree(first: 0, end: 32), isSeenAtStart: true),
      Case(
        what: "an entry in the middle taken out", change: { $0.entries.remove(at: 30) },
        fault: .missingEntry(index: 30), isSeenAtStart: false),
      Case(
        what: "the end cut off below the checkpoint",
        change: { log in
          log.entries.removeLast()
          log.tree = CompactTree()
          for entry in log.entries { log.tree.append(entry.leaf) }
        },
        fault: .checkpoint(size: 40), isSeenAtStart: true),
      Case(
        what: "an entry filed under another time",
        change: { $0.entries[11] = $0.entries[11].changed { $0.time = .epoch } },
        fault: .changedIndex(index: 11, nil), isSeenAtStart: false),
      Case(
        what: "an entry filed under another kind",
        change: { $0.entries[12] = $0.entries[12].changed { $0.kind = .deadlineFired } },
        fault: .changedIndex(index: 12, nil), isSeenAtStart: false),
      Case(
        what: "the checkpoint's size",
        change: { log in
          log.checkpoint = log.checkpoint.map { .init(log: $0.log, size: 39, note: $0.note) }
        },
        fault: .checkpoint(size: 39), isSeenAtStart: true),
      Case(
        what: "the checkpoint's signature",
        change: { log in
          guard let signed = log.checkpoint, let text = try? SignedNote(parsing: signed.note).text,
            let other = try? SignedNote(
              text: text,
              signers: [NoteSigner(name: KeyName("log.example/lockbox/acme")!, key: .generate())])
          else { return }
          log.checkpoint = .init(log: signed.log, size: signed.size, note: other.serialized)
        }, fault: .foreignCheckpoint(size: 40), isSeenAtStart: true),
    ])
  func tampered(test: Case) async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(80, tenants: ["acme", "globex"]))
    #expect(try await service.signed.newest(of: .acme).size == 40)
    _ = try await service.signed.newest(of: .globex)
    store.state.withLock { state in
      guard var log = state.logs[.acme] else { return }
      test.change(&log)
      state.logs[.acme] = log
    }
    let fault = LogFault(log: .acme, kind: test.fault)
    await #expect(throws: fault) { try await service.check.everything() }
    if test.isSeenAtStart {
      await #expect(throws: LogFault.self) { try await service.check.checkpoints() }
    } else {
      try await service.check.checkpoints()
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

extension StoredEntry {
  /// Its parts, to be changed one by one.
  fileprivate struct Parts {
    var event: [UInt8]
    var leaf: Hash
    var time: Timestamp
    var kind: EntryKind?
  }

  fileprivate func changed(_ change: (inout Parts) -> Void) -> StoredEntry {
    var parts = Parts(event: event, leaf: leaf, time: time, kind: kind)
    change(&parts)
    return StoredEntry(
      index: index, event: parts.event, leaf: parts.leaf, id: id, time: parts.time,
      request: request, kind: parts.kind)
  }
}
