internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Tampered files")
struct TamperTests {
  private static let logs = ["acme", "globex"]

  /// What was done to the files, and whether it touches what cannot be made again.
  struct Change {
    var files: [String: [UInt8]]
    var what: String
    var isPrimary: Bool
  }

  @Test(
    "500 changes of files are all found, and an untouched store gives no finding",
    arguments: [false, true])
  func changes(isCompressed: Bool) async throws {
    var random = SeededRandom("tampering, compressed: \(isCompressed)")
    let (earlier, whole, entries) = try await stores(isCompressed: isCompressed)
    #expect(whole.values.contains { CompressedHeader.begins($0) } == isCompressed)
    for image in [earlier, whole] {
      let clean = try LogStoreCheck(at: "/log", files: MemoryFiles(image)).run(
        verify: TestSigner.isSigned)
      #expect(clean.faults.isEmpty && clean.derived.isEmpty && clean.tornTail == nil)
      try await withStore(MemoryFiles(image)) { store in
        #expect(store.report.rebuilt.isEmpty && store.report.tornTail == nil)
      }
    }
    var kinds: [String: Int] = [:]
    while kinds.values.reduce(0, +) < 500 {
      guard let change = change(whole, earlier, &random) else { continue }
      kinds[String(change.what.prefix { $0 != " " }), default: 0] += 1
      let found = try LogStoreCheck(at: "/log", files: MemoryFiles(change.files)).run(
        verify: TestSigner.isSigned)
      if change.isPrimary {
        #expect(!found.faults.isEmpty, "\(change.what)")
      } else {
        #expect(
          !found.faults.isEmpty || !found.derived.isEmpty || found.tornTail != nil, "\(change.what)"
        )
      }
      try await expectTruth(change, entries)
    }
    print("500 changes: \(kinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" })")
  }

  /// An opened store gives what was logged, or says that it cannot.
  private func expectTruth(_ change: Change, _ entries: TestEntries) async throws {
    guard
      let store = try? LogStore(
        at: "/log", .small, files: MemoryFiles(change.files), onFatal: { _ in })
    else { return }
    for log in Self.logs {
      if let bodies = try? store.log(log).bodies {
        #expect(bodies == entries.bodies(log), "\(change.what)")
      }
    }
    await store.close()
  }

  /// A store in the middle of its life and at its end, closed both times.
  private func stores(
    isCompressed: Bool = false
  ) async throws -> ([String: [UInt8]], [String: [UInt8]], TestEntries) {
    let files = MemoryFiles()
    var entries = TestEntries()
    var earlier: [String: [UInt8]] = [:]
    for round in 0..<2 {
      try await withStore(files) { store in
        for _ in 0..<12 {
          try await store.append(entries.batch(20, logs: Self.logs, isSigned: true))
        }
        store.finishIndexes()
        if isCompressed { try store.compressSegments(before: .max) }
      }
      if round == 0 { earlier = files.image }
    }
    return (earlier, files.image, entries)
  }

  private func change(
    _ whole: [String: [UInt8]], _ earlier: [String: [UInt8]], _ random: inout SeededRandom
  ) -> Change? {
    var files = whole
    let paths = whole.keys.sorted()
    guard let path = paths.randomElement(using: &random), let bytes = whole[path], !bytes.isEmpty
    else { return nil }
    let isPrimary = path.hasSuffix(".seg")
    let written = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1:
      let bit = Int.random(in: 0..<(written * 8), using: &random)
      files[path]?[bit / 8] ^= 1 << (bit % 8)
      return Change(files: files, what: "flip bit \(bit) of \(path)", isPrimary: isPrimary)
    case 2:
      let size = Int.random(in: 0..<written, using: &random)
      files[path] = Array(bytes[..<size])
      return Change(files: files, what: "truncate \(path) to \(size)", isPrimary: isPrimary)
    case 3:
      files[path] = nil
      return Change(files: files, what: "remove \(path)", isPrimary: isPrimary)
    case 4:
      let others = paths.filter { $0 != path && $0.suffix(4) == path.suffix(4) }
      guard let other = others.randomElement(using: &random) else { return nil }
      files.swapValues(path, other)
      return Change(files: files, what: "swap \(path) and \(other)", isPrimary: isPrimary)
    case 5:
      // The head alone may be behind: a power cut does that.
      guard path.hasSuffix(".seg"), let old = earlier[path], old != bytes else { return nil }
      // The same segment, not compressed yet: as good.
      if CompressedHeader.begins(bytes) && !CompressedHeader.begins(old) { return nil }
      files[path] = old
      return Change(files: files, what: "roll-back \(path)", isPrimary: true)
    default:
      guard isPrimary, let batches = batches(bytes), batches.count > 1 else { return nil }
      let first = Int.random(in: 0..<(batches.count - 1), using: &random)
      let isDrop = Bool.random(using: &random)
      let middle = isDrop ? [] : Array(bytes[batches[first + 1]]) + Array(bytes[batches[first]])
      let end = isDrop ? batches[first].upperBound : batches[first + 1].upperBound
      files[path] = Array(bytes[..<batches[first].lowerBound]) + middle + Array(bytes[end...])
      return Change(
        files: files, what: "\(isDrop ? "drop" : "exchange") batch \(first) of \(path)",
        isPrimary: true)
    }
  }

  private func batches(_ bytes: [UInt8]) -> [Range<Int>]? {
    bytes.withUnsafeBytes { bytes in
      guard let header = SegmentHeader(bytes) else { return nil }
      var scanner = SegmentScanner(
        bytes, from: StoreEnd(batch: header.batch, sequence: header.sequence, chain: header.chain))
      var batches: [Range<Int>] = []
      while case .batch(_, let payload) = scanner.next() {
        batches.append((payload.lowerBound - BatchHeader.byteCount)..<payload.upperBound)
      }
      return batches
    }
  }

  @Test("a damaged entry is named by segment, sequence, log and index")
  func names() async throws {
    let (_, whole, entries) = try await stores()
    let path = "/log/segments/0000000001.seg"
    let files = MemoryFiles(whole)
    var expected: [(offset: Int, address: EntryAddress, sequence: UInt64)] = []
    try await withStore(files) { store in
      for (sequence, entry) in entries.made.enumerated() where sequence % 17 == 0 {
        let address = try #require(try store.address(of: entry.id))
        let number = try #require(store.log(address.log).number)
        let run = try store.shared.run(of: number, from: address.index, count: 1)
        guard run.segment.number == 1 else { continue }
        expected.append(
          (Int(run.rows[0].offset + run.rows[0].length) - 1, address, UInt64(sequence)))
      }
    }
    #expect(expected.count > 1)
    for (offset, address, sequence) in expected {
      var files = whole
      files[path]?[offset] ^= 1
      let report = try LogStoreCheck(at: "/log", files: MemoryFiles(files)).run()
      let fault = try #require(report.faults.first)
      #expect(fault.segment == 1 && fault.file == "segments/0000000001.seg")
      #expect(fault.sequences == sequence...sequence)
      #expect(fault.entry == address)
    }
  }

  @Test("a log rewritten with every checksum right is found by its signed checkpoints")
  func forks() async throws {
    var random = SeededRandom("forks")
    for _ in 0..<20 {
      let files = MemoryFiles()
      let forged = MemoryFiles()
      var entries = TestEntries()
      let changed = Int.random(in: 0..<5, using: &random)
      var isFound = false
      try await withStore(files) { store in
        let other = try LogStore(at: "/log", .small, files: forged) { _ in }
        for number in 0..<5 {
          var batch = entries.batch(10, isSigned: true)
          try await store.append(batch)
          if number == changed { batch.entries[Int.random(in: 0..<10, using: &random)].body += [0] }
          batch.signer = nil
          batch.checkpoints = [try #require(try store.log("acme").checkpoint())]
          try await other.append(batch)
        }
        await other.close()
        // What a customer keeps finds a store that was rolled back as a whole, too.
        let kept = try #require(try store.log("acme").checkpoint())
        try await withStore(MemoryFiles()) { empty in
          #expect(throws: LogStoreError.self) { try empty.log("acme").check(kept) }
        }
      }
      let report = try LogStoreCheck(at: "/log", files: forged).run(verify: TestSigner.isSigned)
      isFound = !report.faults.isEmpty
      #expect(isFound)
      #expect(throws: LogStoreError.self) {
        try LogStore(at: "/log", .small, files: forged) { _ in }
      }
    }
  }
}

extension [String: [UInt8]] {
  fileprivate mutating func swapValues(_ a: String, _ b: String) {
    (self[a], self[b]) = (self[b], self[a])
  }
}
