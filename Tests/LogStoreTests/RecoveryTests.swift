internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Derived files and retention")
struct RecoveryTests {
  @Test("indexes that are missing, damaged or of another state are made again, the same")
  func indexes() async throws {
    var random = SeededRandom("indexes")
    let files = MemoryFiles()
    var entries = TestEntries()
    try await withStore(files) { store in
      for _ in 0..<20 { try await store.append(entries.batch(25, logs: ["acme", "globex"])) }
      store.finishIndexes()
    }
    let whole = files.image
    let indexes = whole.keys.filter { $0.hasSuffix(".idx") }.sorted()
    #expect(indexes.count > 4)
    for round in 0..<30 {
      var image = whole
      let some = indexes.filter { _ in Bool.random(using: &random) }
      for path in some {
        switch round % 3 {
        case 0: image[path] = nil
        case 1: image[path]?.removeLast(Int.random(in: 1...200, using: &random))
        default: image[path] = whole[indexes[(round + 1) % indexes.count]]
        }
      }
      let damaged = some.filter { image[$0] != whole[$0] }
      let again = MemoryFiles(image)
      try await withStore(again) { store async throws in
        #expect(store.report.rebuilt.count == damaged.count)
        #expect(store.report.entries == 500)
        store.finishIndexes()
        for log in ["acme", "globex"] { #expect(try store.log(log).bodies == entries.bodies(log)) }
      }
      for path in indexes { #expect(again.image[path] == whole[path], "\(path)") }
    }
  }

  @Test("a start reads again only what came after the last full segment")
  func replay() async throws {
    let files = MemoryFiles()
    var entries = TestEntries()
    try await withStore(files) { store in
      for _ in 0..<30 { try await store.append(entries.batch(20)) }
      store.finishIndexes()
    }
    try await withStore(files) { store in
      #expect(store.report.segments > 5)
      #expect(store.report.entries == 600 && store.report.replayed < 120)
    }
  }

  @Test("an index that cannot be written leaves the store searchable and writable")
  func failedIndex() async throws {
    let files = MemoryFiles()
    var entries = TestEntries()
    try await withStore(files) { store in
      files.failIndexes()
      for _ in 0..<10 { try await store.append(entries.batch(30)) }
      store.finishIndexes()
      #expect(store.failedIndexes > 1)
      #expect(try store.log("acme").bodies == entries.bodies("acme"))
      for entry in entries.made { #expect(try store.address(of: entry.id) != nil) }
    }
    try await withStore(MemoryFiles(files.image)) { store async throws in
      store.finishIndexes()
      #expect(store.failedIndexes == 0)
      #expect(try store.log("acme").bodies == entries.bodies("acme"))
    }
  }

  @Test("dropped bodies are gone from the files; every proof, checkpoint and other log stays")
  func retention() async throws {
    let files = MemoryFiles()
    var entries = TestEntries()
    var root = Hash.emptyRoot
    try await withStore(files) { store in
      for _ in 0..<20 {
        try await store.append(entries.batch(30, logs: ["acme", "globex"], isSigned: true))
      }
      store.finishIndexes()
      root = store.log("acme").tree.root
      let before = store.log("acme")
      let dropped = try store.dropBodies(below: ["acme": 200])
      #expect(dropped == 200)
      #expect(try store.dropBodies(below: ["acme": 200]) == 0)
      try expect(before, entries, below: 200)
      try await store.append(entries.batch(30, logs: ["acme", "globex"]))
    }
    let gone = entries.bodies("acme")[..<200].filter { $0.count > 16 }
    for (path, bytes) in files.image where path.hasSuffix(".seg") {
      for body in gone { #expect(!bytes.contains(body), "\(path)") }
    }
    try await withStore(files) { store in
      #expect(store.report.rebuilt.isEmpty)
      let proof = try ConsistencyProof.make(
        old: 300, new: store.log("acme").size, nodes: store.log("acme").hash(of:))
      try ConsistencyProof.verify(
        old: 300, oldRoot: root, new: store.log("acme").size,
        newRoot: store.log("acme").tree.root, proof: proof)
      try expect(store.log("acme"), entries, below: 200)
      #expect(try store.log("globex").bodies == entries.bodies("globex"))
      #expect(try store.log("acme").bundle(EntryBundle(index: 0)) == nil)
    }
    let report = try LogStoreCheck(at: "/log", files: files).run(verify: TestSigner.isSigned)
    #expect(report.faults.isEmpty && report.derived.isEmpty && report.checkpoints == 40)
  }

  private func expect(_ log: LogSnapshot, _ entries: TestEntries, below limit: Int) throws {
    let made = entries.made.filter { $0.log == "acme" }
    let stored = try log.entries(from: 0, limit: .max)
    #expect(stored.count == Int(log.size))
    for (entry, original) in zip(stored, made) {
      #expect(entry.body == (Int(entry.index) < limit ? nil : original.body))
      #expect(entry.leaf == Hash.leaf(original.body) && entry.id == original.id)
      #expect(entry.person == original.person && entry.request == original.request)
    }
  }

  @Test("whichever call of a retention fails, each segment is as it was or as it is to be")
  func retentionCrash() async throws {
    var random = SeededRandom("retention crash")
    let files = MemoryFiles()
    var entries = TestEntries()
    try await withStore(files) { store in
      for _ in 0..<10 { try await store.append(entries.batch(30, isSigned: true)) }
      store.finishIndexes()
    }
    let whole = files.image
    for call in 0..<60 {
      let files = MemoryFiles(whole)
      let store = try LogStore(at: "/log", .small, files: files) { _ in }
      files.fail(files.calls.count + call, .error(5))
      let isDone = (try? store.dropBodies(below: ["acme": 150])) != nil
      await store.close()
      for image in [files.image, files.crashImage(&random)] {
        let report = try LogStoreCheck(at: "/log", files: MemoryFiles(image)).run(
          verify: TestSigner.isSigned)
        #expect(report.faults.isEmpty, "call \(call)")
        try await withStore(MemoryFiles(image)) { store in
          for (entry, body) in zip(
            try store.log("acme").entries(from: 0, limit: .max), entries.bodies("acme"))
          {
            #expect(entry.body == nil || entry.body == body)
            #expect(entry.index < 150 || entry.body != nil)
          }
        }
      }
      if isDone && call > 10 { break }
    }
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    return indices.contains { self[$0] == first && self[$0...].starts(with: part) }
  }
}
