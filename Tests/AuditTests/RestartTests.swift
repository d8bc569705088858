internal import LockboxProto
internal import MerkleLog
internal import TestKit
internal import Testing

@testable internal import Audit

@Suite("Restarts of the audit log", .serialized)
struct RestartTests {
  @Test("a log goes on after every stop, whatever its size, as if it had never stopped")
  func everySize() async throws {
    let folder = TemporaryDirectory()
    var events = TestEvents()
    var expected = CompactTree()
    var last: Checkpoint?
    for count in 1...24 {
      try await withLog(in: folder) { store in
        let service = TestService(store)
        try await service.check.checkpoints()
        #expect(try await store.cursor(of: .approvals) == events.last)
        let batch = events.batch(count)
        try await service.ingest.log(batch)
        for event in batch.events { expected.append(Hash.leaf(event.bytes)) }
        let checkpoint = try TestService.verified(
          try await service.signed.newest(of: .acme).note, of: .acme)
        #expect(checkpoint.size == expected.size && checkpoint.root == expected.root)
        if let last {
          let proof = try await service.proofs.consistency(
            .init(tenantID: "acme", oldSize: last.size), by: .acme)
          try ConsistencyProof.verify(
            old: last.size, oldRoot: last.root, new: checkpoint.size, newRoot: checkpoint.root,
            proof: proof.hashes.compactMap { Hash($0) })
        }
        last = checkpoint
      }
    }
    try await withLog(in: folder) { store in
      let report = try await TestService(store).check.everything()
      #expect(report == LogCheck.Report(logs: 1, entries: 300))
    }
  }

  @Test("events that come again after a lost acknowledgement are logged once")
  func redelivery() async throws {
    let folder = TemporaryDirectory()
    var events = TestEvents()
    let first = events.batch(5)
    let second = events.batch(5)
    try await withLog(in: folder) { _ = try await $0.append(first) }
    try await withLog(in: folder) { store in
      // The cursor of the log counts, not what the producer believes.
      await #expect(throws: AuditStoreError.self) { try await store.append(first) }
      let cursor = try await store.cursor(of: .approvals)
      #expect(cursor == first.through)
      _ = try await store.append(second)
      #expect(try await store.read(.acme) { try $0.size() } == 10)
    }
  }
}
