internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import Testing

@testable internal import Audit

/// What every store must do.
@Suite("Audit stores", .serialized)
struct StoreConformanceTests {
  @Test(
    "events stand in their tenants' logs in feed order, byte for byte",
    arguments: StoreKind.allCases)
  func append(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      let batch = events.batch(50, tenants: ["acme", "globex", ""])
      let places = try await store.append(batch)
      #expect(places.map(\.log) == batch.events.map(\.log))
      for name in [LogName.acme, .globex, .provider] {
        let expected = batch.events.filter { $0.log == name }.map(\.bytes)
        let read = try await store.read(name) { reader in
          (try reader.size(), try reader.entries(from: 0, limit: 100, maximumBytes: .max))
        }
        #expect(read.0 == UInt64(expected.count))
        #expect(read.1.map(\.event) == expected)
        #expect(read.1.map(\.index) == (0..<UInt64(expected.count)).map { $0 })
      }
      for (event, place) in zip(batch.events, places) {
        #expect(try await store.place(of: event.id) == place)
      }
      #expect(try await store.cursor(of: .approvals) == 50)
      #expect(try await store.cursor(of: .intake) == 0)
    }
  }

  @Test(
    "all logs read as one sequence, in the order in which they were logged",
    arguments: StoreKind.allCases)
  func sequence(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      var logged: [(place: EntryPlace, bytes: [UInt8])] = []
      var position = LogPosition(sequence: 0)
      var read: [LogRecord] = []
      for count in [7, 1, 30] {
        let batch = events.batch(count, tenants: ["acme", "", "globex"])
        logged += zip(try await store.append(batch), batch.events.map(\.bytes)).map { ($0, $1) }
        #expect(await store.entryCount() == UInt64(logged.count))
        while true {
          let found = try await store.records(after: position, limit: 4, maximumBytes: .max)
          if found.records.isEmpty { break }
          #expect(found.records.count <= 4)
          read += found.records
          position = found.next
        }
      }
      #expect(read.map(\.sequence) == (1...UInt64(logged.count)).map { $0 })
      #expect(read.map { EntryPlace(log: $0.log, index: $0.index) } == logged.map(\.place))
      #expect(read.map(\.event) == logged.map(\.bytes))
      // From anywhere, and whatever fits.
      let rest = try await store.records(
        after: LogPosition(sequence: 5), limit: 100, maximumBytes: 1)
      #expect(rest.records == Array(read[5..<6]) && rest.next.sequence == 6)
    }
  }

  @Test("a batch that is not the next one changes nothing", arguments: StoreKind.allCases)
  func wrongCursor(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      let first = events.batch(3)
      let second = events.batch(2)
      await #expect(
        throws: AuditStoreError.cursorElsewhere(feed: .approvals, stored: 0, after: 3)
      ) { try await store.append(second) }
      _ = try await store.append(first)
      await #expect(
        throws: AuditStoreError.cursorElsewhere(feed: .approvals, stored: 3, after: 0)
      ) { try await store.append(first) }
      #expect(try await store.read(.acme) { try $0.size() } == 3)
      _ = try await store.append(second)
      #expect(try await store.read(.acme) { try $0.size() } == 5)
    }
  }

  @Test("an event id that is logged already refuses its whole batch", arguments: StoreKind.allCases)
  func duplicate(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      let first = events.batch(3)
      _ = try await store.append(first)
      let again = [events.next(), events.next("globex", id: first.events[1].id)]
      let batch = TestEvents.batch(.approvals, 3, again)
      await #expect(throws: AuditStoreError.duplicateEvent(first.events[1].id)) {
        try await store.append(batch)
      }
      #expect(try await store.cursor(of: .approvals) == 3)
      #expect(try await store.read(.acme) { try $0.size() } == 3)
      #expect(try await store.read(.globex) { try $0.size() } == 0)
      #expect(try await store.extents().map(\.log) == [.acme])
      // The refused batch must not have left its mark on what the next one is built on.
      var other = TestEvents(.intake)
      _ = try await store.append(other.batch(2, tenants: ["globex", "acme"]))
      #expect(try await store.read(.acme) { try $0.size() } == 4)
      #expect(try await store.read(.globex) { try $0.size() } == 1)
    }
  }

  @Test(
    "every complete subtree's hash is RFC 6962's, and so every root",
    arguments: StoreKind.allCases)
  func hashes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      var tree = CompactTree()
      var expected: [TreeNode: Hash] = [:]
      var roots = [tree.root]
      for count in [1, 2, 13, 16, 1, 31, 64, 72] {
        let batch = events.batch(count)
        _ = try await store.append(batch)
        for event in batch.events {
          tree.append(Hash.leaf(event.bytes)) { expected[$0] = $1 }
          roots.append(tree.root)
        }
      }
      let (nodes, all) = (expected, roots)
      try await store.read(.acme) { reader in
        for (node, hash) in nodes {
          #expect(try reader.hash(of: node) == hash)
          if let stored = try reader.storedHash(of: node) { #expect(stored == hash) }
        }
        for (size, root) in all.enumerated() {
          let read = try TreeRoot.compute(size: UInt64(size), nodes: reader.hash(of:))
          #expect(read == root)
        }
        #expect(throws: AuditStoreError.self) {
          try reader.hash(of: TreeNode(level: 3, index: 25))
        }
        #expect(throws: AuditStoreError.self) {
          try reader.hash(of: TreeNode(level: 7, index: 1))
        }
      }
    }
  }

  @Test("a log nobody wrote to reads as empty", arguments: StoreKind.allCases)
  func emptyLog(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.read(.acme) { reader in
        #expect(try reader.size() == 0)
        #expect(try reader.entry(at: 0) == nil)
        #expect(try reader.storedEntries(from: 0, limit: 5).isEmpty)
        #expect(try reader.checkpoint() == nil)
        let root = try TreeRoot.compute(size: 0, nodes: reader.hash(of:))
        #expect(root == Hash.emptyRoot)
      }
      #expect(try await store.list(EntryQuery(log: .acme, limit: 5)) == EntryList())
      #expect(try await store.place(of: .make(at: .epoch)) == nil)
      #expect(try await store.extents().isEmpty)
    }
  }

  @Test("only a larger checkpoint takes the place of a log's newest", arguments: StoreKind.allCases)
  func checkpoints(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      _ = try await store.append(events.batch(9, tenants: ["acme", "acme", "globex"]))
      let steps: [(size: UInt64, note: String, kept: String)] = [
        (4, "four", "four"), (4, "other four", "four"), (3, "three", "four"), (6, "six", "six"),
      ]
      for step in steps {
        try await store.save([LogCheckpoint(log: .acme, size: step.size, note: step.note)])
        #expect(try await store.read(.acme) { try $0.checkpoint()?.note } == step.kept)
      }
      #expect(try await store.read(.globex) { try $0.checkpoint() } == nil)
      #expect(
        try await store.extents() == [
          LogExtent(log: .acme, size: 6, signedSize: 6),
          LogExtent(log: .globex, size: 3, signedSize: 0),
        ])
    }
  }

  @Test("what is stored beside an entry is what its event says", arguments: StoreKind.allCases)
  func storedEntries(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var events = TestEvents()
      let request: RequestID = events.newID()
      let records = [
        events.next(request: request, payload: .stageOpened(.init())),
        events.next(payload: nil), events.next(payload: .tenantApplied(.init())),
      ]
      let batch = TestEvents.batch(.approvals, 0, records)
      _ = try await store.append(batch)
      let stored = try await store.read(.acme) { try $0.storedEntries(from: 0, limit: 10) }
      #expect(stored.map(\.id) == batch.events.map(\.id))
      #expect(stored.map(\.request) == [request, nil, nil])
      #expect(stored.map(\.kind) == [.stageOpened, nil, .tenantApplied])
      #expect(stored.map(\.time) == batch.events.map(\.time))
      #expect(stored.map(\.event) == records)
      #expect(stored.map(\.leaf) == records.map { Hash.leaf($0) })
      let rest = try await store.read(.acme) { try $0.storedEntries(from: 1, limit: 1) }
      #expect(rest.map(\.index) == [1])
    }
  }
}
