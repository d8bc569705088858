internal import LockboxProto
internal import MerkleLog
internal import Synchronization
internal import Testing

@testable internal import Audit

@Suite("Signed checkpoints")
struct SignedLogsTests {
  @Test("a checkpoint covers every durable entry and verifies with the log's key")
  func newest() async throws {
    let service = TestService(MemoryAuditStore())
    var events = TestEvents()
    let batch = events.batch(20, tenants: ["acme", "globex"])
    try await service.ingest.log(batch)
    var tree = CompactTree()
    for event in batch.events where event.log == .acme { tree.append(Hash.leaf(event.bytes)) }
    let checkpoint = try TestService.verified(
      try await service.signed.newest(of: .acme).note, of: .acme)
    #expect(checkpoint.size == 10 && checkpoint.root == tree.root)
    #expect(checkpoint.origin == "log.example/lockbox/acme")
    #expect(throws: SignedCheckpointError.self) {
      try TestService.verified(checkpoint.text, of: .globex)
    }
  }

  @Test("a log without entries has a checkpoint of size 0")
  func empty() async throws {
    let service = TestService(MemoryAuditStore())
    let checkpoint = try TestService.verified(
      try await service.signed.newest(of: .acme).note, of: .acme)
    #expect(checkpoint.size == 0 && checkpoint.root == Hash.emptyRoot)
  }

  @Test("what did not grow is not signed again")
  func unchanged() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(5))
    let first = try await service.signed.newest(of: .acme)
    #expect(try await service.signed.newest(of: .acme) == first)
    #expect(try await service.signed.checkpoint(of: .acme, covering: 3) == first)
    #expect(store.state.withLock { $0.saves.count } == 1)
  }

  @Test("whoever asks while a round runs shares the next one: one signature a log, one write")
  func rounds() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(1))
    store.saveDoor.close()
    async let first = service.signed.newest(of: .acme)
    await store.saveDoor.arrival()
    // The first round stands before the disk. The log grows, and twenty ask.
    try await service.ingest.log(events.batch(40, tenants: ["acme", "globex"]))
    let later = (0..<20).map { number -> Task<LogCheckpoint, any Error> in
      let log: LogName = number % 2 == 0 ? .acme : .globex
      let size = UInt64(number / 2 + 2)
      return Task { try await service.signed.checkpoint(of: log, covering: size) }
    }
    // They must have asked before the door opens: each has looked at the store and is in the queue.
    while await service.signed.waitingCount < 20 { await Task.yield() }
    store.saveDoor.open()
    #expect(try await first.size == 1)
    for task in later { _ = try await task.value }
    let saves = store.state.withLock { $0.saves }
    #expect(saves.map(\.count) == [1, 2])
    #expect(Set(saves[1].map(\.size)) == [21, 20])
  }

  @Test("nobody sees a checkpoint that is not durable")
  func durableFirst() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(3))
    store.failsSaves.withLock { $0 = true }
    await #expect(throws: MemoryAuditStore.Unwritable.self) {
      try await service.signed.newest(of: .acme)
    }
    store.failsSaves.withLock { $0 = false }
    #expect(try await service.signed.newest(of: .acme).size == 3)
  }

  @Test("a log that was changed under its checkpoint is not signed any more, others are")
  func conflict() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(6, tenants: ["acme", "globex"]))
    _ = try await service.signed.newest(of: .acme)
    let other = Hash.leaf([1])
    store.state.withLock { $0.logs[.acme]?.nodes[TreeNode(level: 1, index: 0)] = other }
    try await service.ingest.log(events.batch(2, tenants: ["acme", "globex"]))
    await #expect(throws: CheckpointConflict(log: .acme, size: 3)) {
      try await service.signed.newest(of: .acme)
    }
    #expect(try await service.signed.newest(of: .globex).size == 4)
  }

  @Test("any two checkpoints of a log are consistent", arguments: StoreKind.allCases)
  func consistency(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let service = TestService(store)
      var events = TestEvents()
      var checkpoints: [Checkpoint] = []
      for count in [1, 3, 4, 8, 17, 31, 36] {
        try await service.ingest.log(events.batch(count))
        checkpoints.append(
          try TestService.verified(try await service.signed.newest(of: .acme).note, of: .acme))
      }
      for (position, old) in checkpoints.enumerated() {
        for new in checkpoints[position...] {
          let proof = try await service.proofs.consistency(
            .init(tenantID: "acme", oldSize: old.size, newSize: new.size), by: .acme)
          try ConsistencyProof.verify(
            old: old.size, oldRoot: old.root, new: new.size, newRoot: new.root,
            proof: proof.hashes.compactMap { Hash($0) })
        }
      }
    }
  }

  @Test("the interval signs what has grown since, and nothing else")
  func interval() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(6, tenants: ["acme", "globex", ""]))
    try await service.unsigned.sign(with: service.signed)
    #expect(try await store.extents().allSatisfy { $0.signedSize == $0.size })
    let before = store.state.withLock { $0.saves.count }
    try await service.unsigned.sign(with: service.signed)
    #expect(store.state.withLock { $0.saves.count } == before)
    try await service.ingest.log(events.batch(1, tenants: ["globex"]))
    store.failsSaves.withLock { $0 = true }
    await #expect(throws: MemoryAuditStore.Unwritable.self) {
      try await service.unsigned.sign(with: service.signed)
    }
    store.failsSaves.withLock { $0 = false }
    try await service.unsigned.sign(with: service.signed)
    #expect(try await store.read(.globex) { try $0.checkpoint()?.size } == 3)
  }

  @Test("a start finds the logs that are not signed up to their end")
  func unsignedAtStart() async throws {
    let store = MemoryAuditStore()
    let service = TestService(store)
    var events = TestEvents()
    try await service.ingest.log(events.batch(4, tenants: ["acme", "globex"]))
    _ = try await service.signed.newest(of: .acme)
    let restarted = UnsignedLogs(try await store.extents())
    try await restarted.sign(with: service.signed)
    #expect(store.state.withLock { $0.saves.map { $0.map(\.log) } } == [[.acme], [.globex]])
  }
}
