internal import Glibc
internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("The log store")
struct StoreTests {
  private static let logs = ["acme", "globex", ""]

  @Test(
    "entries stand in their logs in order, byte for byte, also after a restart",
    arguments: Place.allCases)
  func order(place: Place) async throws {
    try await place.with { path, files in
      var entries = TestEntries()
      for _ in 0..<6 {
        try await withStore(at: path, files) { store in
          for count in [1, 7, 30] {
            let batch = entries.batch(count, logs: Self.logs)
            let before = Dictionary(
              uniqueKeysWithValues: Self.logs.map { ($0, store.log($0).size) })
            let indexes = try await store.append(batch)
            var next = before
            for (entry, index) in zip(batch.entries, indexes) {
              #expect(index == next[entry.log])
              next[entry.log] = index + 1
              let address = EntryAddress(log: entry.log, index: index)
              #expect(try store.address(of: entry.id) == address)
            }
          }
          for log in Self.logs {
            let snapshot = store.log(log)
            #expect(try snapshot.bodies == entries.bodies(log))
            #expect(snapshot.tree.root == NaiveTree.root(entries.bodies(log)[...]))
          }
          for entry in entries.made { #expect(try store.address(of: entry.id) != nil) }
          #expect(store.cursor(of: "feed") == UInt64(entries.made.count))
          #expect(store.cursor(of: "other") == 0)
          #expect(store.logs == Self.logs)
        }
      }
      let report = try LogStoreCheck(at: path, files: files).run()
      #expect(report.faults.isEmpty && report.derived.isEmpty && report.tornTail == nil)
      #expect(report.entries == UInt64(entries.made.count) && report.segments > 2)
    }
  }

  @Test("a batch that is refused leaves no trace", arguments: Place.allCases)
  func refusals(place: Place) async throws {
    try await place.with { path, files in
      var entries = TestEntries()
      try await withStore(at: path, files) { store in
        let first = entries.batch(300)
        try await store.append(first)
        try await store.append(entries.batch(300))
        let known = first.entries[3]
        var twice = entries.make(2)
        twice[1].id = twice[0].id
        let long = String(repeating: "x", count: 256)
        let refused: [(NewBatch, LogStoreError?)] = [
          (
            NewBatch(cursor: .init(feed: "feed", after: 300, through: 301)),
            .cursorElsewhere(feed: "feed", stored: 600, after: 300)
          ),
          (
            NewBatch(cursor: .init(feed: "new", after: 1, through: 2)),
            .cursorElsewhere(feed: "new", stored: 0, after: 1)
          ),
          (
            NewBatch(entries: entries.make(1, logs: ["globex"]) + [known]),
            .duplicateEntry(known.id)
          ),
          (NewBatch(entries: twice), .duplicateEntry(twice[0].id)),
          (NewBatch(entries: entries.make(1, logs: ["ä"])), nil),
          (NewBatch(entries: entries.make(1, logs: [long])), nil),
          (
            NewBatch(checkpoints: [.init(log: "acme", size: 601, note: "")]),
            .checkpointBeyondLog(log: "acme", size: 601)
          ),
          (
            NewBatch(checkpoints: [.init(log: "initech", size: 0, note: "")]),
            .checkpointBeyondLog(log: "initech", size: 0)
          ),
        ]
        for (batch, expected) in refused {
          let error = await #expect(throws: LogStoreError.self) { try await store.append(batch) }
          if let expected { #expect(error == expected) }
        }
        #expect(store.logs == ["acme"])
        #expect(store.log("acme").size == 600)
        // What was refused may come again.
        try await store.append(NewBatch(entries: [twice[0]]))
      }
      #expect(try LogStoreCheck(at: path, files: files).run().entries == 601)
    }
  }

  @Test("many writers at once are grouped, and each is told of its own entries")
  func groups() async throws {
    let files = MemoryFiles()
    try await withStore(files) { store in
      let before = files.calls.count { $0.name == "fdatasync" }
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for writer in 0..<64 {
          tasks.addTask {
            for step in 0..<10 {
              let number = UInt64(writer * 10 + step)
              let entry = NewEntry(
                log: "log-\(writer % 3)", id: Key128(high: number, low: 1), time: 0,
                body: [UInt8(writer), UInt8(step)])
              let index = try await store.append(NewBatch(entries: [entry]))[0]
              let body = try await store.read { try $0.log(entry.log).entry(at: index)?.body }
              #expect(body == entry.body)
            }
          }
        }
        try await tasks.waitForAll()
      }
      #expect(store.entryCount == 640)
      let syncs = files.calls.count { $0.name == "fdatasync" } - before
      print("640 appends of 64 callers took \(syncs) syncs")
      #expect(syncs <= 660)
    }
  }

  @Test("a store that was closed accepts and reads nothing more")
  func closed() async throws {
    let store = try LogStore(at: "/log", files: MemoryFiles()) { _ in }
    await store.close()
    await #expect(throws: LogStoreError.closed) { try await store.append(NewBatch()) }
    await #expect(throws: LogStoreError.closed) { try await store.read { $0.entryCount } }
  }

  @Test("a store that is open is not opened again", arguments: Place.allCases)
  func lock(place: Place) async throws {
    try await place.with { path, files in
      try await withStore(at: path, files) { _ in
        #expect(throws: LogStoreError.inUse(path: path)) {
          try LogStore(at: path, files: files) { _ in }
        }
        #expect(throws: LogStoreError.inUse(path: path)) {
          try LogStoreCheck(at: path, files: files).run()
        }
      }
      try await withStore(at: path, files) { #expect($0.entryCount == 0) }
    }
  }

  @Test("a closed store's lock is free, even while a child still has a copy of its descriptor")
  func inheritedLock() async throws {
    try await Place.disk.with { path, files in
      var copy: Int32 = -1
      defer { close(copy) }
      try await withStore(at: path, files) { _ in
        let lock = try #require(descriptor(of: "\(path)/lock"))
        copy = dup(lock)
      }
      #expect(copy >= 0)
      try await withStore(at: path, files) { #expect($0.entryCount == 0) }
    }
  }

  /// This process's descriptor of an open file.
  private func descriptor(of path: String) -> Int32? {
    (0..<4_096).first { descriptor in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4_096) { target in
        let count = readlink("/proc/self/fd/\(descriptor)", target.baseAddress!, target.count)
        guard count > 0 else { return false }
        return String(decoding: UnsafeRawBufferPointer(target)[..<count], as: UTF8.self) == path
      }
    }
  }

  @Test("every checkpoint is kept; only a larger one is the newest", arguments: Place.allCases)
  func checkpoints(place: Place) async throws {
    try await place.with { path, files in
      var entries = TestEntries()
      var sizes: [UInt64] = []
      try await withStore(at: path, files) { store in
        for count in [3, 40, 1, 90, 60] {
          try await store.append(entries.batch(count, logs: ["acme", "globex"], isSigned: true))
          sizes.append(store.log("acme").size)
          let newest = try #require(try store.log("acme").checkpoint())
          try await store.append(
            NewBatch(checkpoints: [newest, .init(log: "acme", size: 1, note: "")]))
        }
      }
      try await withStore(at: path, files) { store in
        let kept = try store.log("acme").checkpoints(limit: .max)
        #expect(kept.map(\.size) == sizes)
        for checkpoint in kept { try store.log("acme").check(checkpoint) }
        let some = try store.log("acme").checkpoints(from: 20, limit: 2)
        #expect(some.map(\.size) == Array(sizes.filter { $0 >= 20 }.prefix(2)))
        #expect(store.log("acme").signedSize == sizes.last)
        #expect(try store.log("nobody").checkpoint() == nil)
      }
      let report = try LogStoreCheck(at: path, files: files).run(verify: TestSigner.isSigned)
      #expect(report.faults.isEmpty && report.checkpoints == 9)
      #expect(try !LogStoreCheck(at: path, files: files).run { _ in false }.faults.isEmpty)
    }
  }
}
