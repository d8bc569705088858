internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Compressed segments")
struct CompressionTests {
  private static let logs = ["acme", "globex"]

  /// Segments of several blocks, all full but the last.
  private static var blocks: LogStoreOptions {
    var options = LogStoreOptions.small
    options.segmentBytes = 160 << 10
    return options
  }

  /// A closed store with some segments of `options`.
  private static func filled(
    _ options: LogStoreOptions, batches: Int, _ entries: inout TestEntries
  ) async throws -> [String: [UInt8]] {
    let files = MemoryFiles()
    var made = entries
    try await withStore(files, options) { store async throws in
      for _ in 0..<batches {
        try await store.append(made.batch(30, logs: logs, isSigned: true))
      }
      store.finishIndexes()
    }
    entries = made
    return files.image
  }

  @Test("compressed segments read, prove and check as plain ones do", arguments: Place.allCases)
  func same(place: Place) async throws {
    try await place.with { path, files in
      var entries = TestEntries()
      var kept: [StoredEntry] = []
      var size: UInt64 = 0
      try await withStore(at: path, files) { store async throws in
        for _ in 0..<20 {
          try await store.append(entries.batch(30, logs: Self.logs, isSigned: true))
        }
        store.finishIndexes()
        kept = try store.log("acme").entries(from: 0, limit: .max)
        let before = store.log("acme")
        let newest = entries.made.last?.time ?? 0
        #expect(try store.compressSegments(before: 0) == 0)
        #expect(try store.compressSegments(before: newest / 2) > 1)
        let count = try store.compressSegments(before: .max)
        #expect(count > 1)
        #expect(try store.compressSegments(before: .max) == 0)
        let counts = store.segmentCounts
        // The last is written, and the newest full one stays.
        #expect(counts.compressed >= counts.all - 2 && counts.compressed < counts.all)
        #expect(try before.entries(from: 0, limit: .max) == kept)
        try await store.append(entries.batch(5, logs: Self.logs, isSigned: true))
        size = store.log("acme").size
      }
      try await withStore(at: path, files) { store async throws in
        #expect(store.report.found.isEmpty)
        let log = store.log("acme")
        #expect(try Array(log.entries(from: 0, limit: .max).prefix(kept.count)) == kept)
        #expect(log.size == size && log.tree.root == NaiveTree.root(entries.bodies("acme")[...]))
        #expect(try log.checkpoints(limit: .max).count == 21)
        for index in stride(from: 0, to: size, by: 37) {
          let proof = try InclusionProof.make(index: index, size: size, nodes: log.hash(of:))
          #expect(proof == NaiveTree.path(Int(index), entries.bodies("acme")[...]))
        }
        for entry in entries.made where try store.address(of: entry.id) == nil {
          Issue.record("\(entry.id) is not found")
        }
      }
      let report = try LogStoreCheck(at: path, files: files).run(verify: TestSigner.isSigned)
      #expect(report.faults.isEmpty && report.derived.isEmpty && report.tornTail == nil)
    }
  }

  @Test("a cold segment takes less than half of what it took, its index the same")
  func size() async throws {
    var entries = TestEntries()
    // Events repeat what the ones before say.
    let files = MemoryFiles()
    try await withStore(files, Self.blocks) { store async throws in
      for batch in 0..<60 {
        var some = entries.batch(30, isSigned: true)
        for number in some.entries.indices {
          some.entries[number].body = Array(
            "event \(batch) \(number): the approver of acme has approved stage \(number % 3)".utf8)
        }
        try await store.append(some)
      }
      store.finishIndexes()
      let before = files.image
      #expect(try store.compressSegments(before: .max) > 0)
      let after = files.image
      var saved = 0
      for (path, bytes) in before where after[path] != bytes {
        #expect(path.hasSuffix(".seg"))
        let now = try #require(after[path])
        #expect(now.count * 2 < bytes.count)
        saved += bytes.count - now.count
      }
      print("\(saved) bytes saved")
    }
  }

  @Test("indexes of compressed segments are made again from them, the same")
  func indexes() async throws {
    var entries = TestEntries()
    let files = MemoryFiles(try await Self.filled(.small, batches: 12, &entries))
    try await withStore(files) { store async throws in
      #expect(try store.compressSegments(before: .max) > 2)
    }
    let whole = files.image
    var image = whole
    for path in whole.keys where path.hasSuffix(".idx") { image[path] = nil }
    let again = MemoryFiles(image)
    try await withStore(again) { store async throws in
      store.finishIndexes()
      #expect(store.failedIndexes == 0)
      for log in Self.logs { #expect(try store.log(log).bodies == entries.bodies(log)) }
    }
    #expect(again.image == whole)
  }

  @Test("retention drops bodies of compressed segments, which stay compressed")
  func retention() async throws {
    var entries = TestEntries()
    let files = MemoryFiles(try await Self.filled(.small, batches: 20, &entries))
    try await withStore(files) { store async throws in
      #expect(try store.compressSegments(before: .max) > 4)
      let compressed = store.segmentCounts.compressed
      let root = store.log("acme").tree.root
      let kinds: Set<UInt16> = [66]
      #expect(store.droppable(of: "acme", before: .min) == 0)
      #expect(store.droppable(of: "acme", before: .max) > 200)
      let dropped = try store.dropBodies(below: ["acme": 200, "globex": 10], keeping: kinds)
      let made = Self.logs.map { log in entries.made.filter { $0.log == log } }
      let expected =
        made[0].prefix(200).count { !kinds.contains($0.kind) }
        + made[1].prefix(10).count { !kinds.contains($0.kind) }
      #expect(dropped == expected)
      #expect(try store.dropBodies(below: ["acme": 200, "globex": 10], keeping: kinds) == 0)
      #expect(store.segmentCounts.compressed == compressed)
      #expect(store.log("acme").tree.root == root)
      for (entry, original) in zip(try store.log("acme").entries(from: 0, limit: .max), made[0]) {
        let isGone = entry.index < 200 && !kinds.contains(original.kind)
        #expect(entry.body == (isGone ? nil : original.body))
        #expect(entry.leaf == Hash.leaf(original.body))
      }
    }
    let report = try LogStoreCheck(at: "/log", files: files).run(verify: TestSigner.isSigned)
    #expect(report.faults.isEmpty && report.derived.isEmpty && report.checkpoints == 40)
  }

  @Test("a damaged block is named by its byte, and by the first entry that it takes along")
  func names() async throws {
    var entries = TestEntries()
    let files = MemoryFiles(try await Self.filled(Self.blocks, batches: 80, &entries))
    try await withStore(files, Self.blocks) { store async throws in
      #expect(try store.compressSegments(before: .max) > 0)
    }
    let path = "/log/segments/0000000000.seg"
    let whole = files.image
    let size = try #require(whole[path]).count
    for place in [70, size / 2, size / 3, size - 60] {
      var image = whole
      image[path]?[place] ^= 4
      let report = try LogStoreCheck(at: "/log", files: MemoryFiles(image)).run()
      let fault = try #require(report.faults.first, "byte \(place)")
      #expect(fault.segment == 0 && fault.file == "segments/0000000000.seg")
      let offset = try #require(fault.offset)
      #expect(offset <= UInt64(place))
      let sequences = try #require(fault.sequences, "byte \(place): \(fault)")
      guard let address = fault.entry else { continue }
      // Batches hold both logs' entries in turn.
      #expect(sequences.count == 1)
      let made = entries.made.filter { $0.log == address.log }
      #expect(made[Int(address.index)].id == entries.made[Int(sequences.lowerBound)].id)
    }
  }

  @Test("an entry in a damaged block is never given; the others are")
  func reading() async throws {
    var entries = TestEntries()
    let files = MemoryFiles(try await Self.filled(Self.blocks, batches: 80, &entries))
    try await withStore(files, Self.blocks) { store async throws in
      #expect(try store.compressSegments(before: .max) > 0)
    }
    var image = files.image
    let path = "/log/segments/0000000000.seg"
    let middle = try #require(image[path]).count / 2
    image[path]?[middle] ^= 1
    try await withStore(MemoryFiles(image), Self.blocks) { store async throws in
      let log = store.log("acme")
      let made = entries.bodies("acme")
      var given = 0
      for index in 0..<log.size {
        guard let entry = try? log.entry(at: index) else { continue }
        #expect(entry.body == made[Int(index)])
        given += 1
      }
      #expect(given > 100 && given < made.count)
    }
  }
}
