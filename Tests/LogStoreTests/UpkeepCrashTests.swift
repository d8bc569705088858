internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Crashes while old segments are written anew")
struct UpkeepCrashTests {
  private static let logs = ["acme", "globex"]

  /// What a store does beside its appends.
  enum Upkeep: CaseIterable, Sendable {
    case compress
    case drop
    case dropCompressed
    case index

    /// - Returns: whether it was done whole.
    func run(_ store: LogStore) -> Bool {
      switch self {
      case .compress: (try? store.compressSegments(before: .max)) != nil
      case .drop, .dropCompressed:
        (try? store.dropBodies(below: ["acme": 70, "globex": 20], keeping: [3])) != nil
      case .index:
        {
          store.finishIndexes()
          return store.failedIndexes == 0
        }()
      }
    }
  }

  /// A closed store before the upkeep, with the entries in it.
  private static func store(before upkeep: Upkeep) async throws -> ([String: [UInt8]], TestEntries)
  {
    let files = MemoryFiles()
    var entries = TestEntries()
    try await withStore(files) { store async throws in
      for _ in 0..<9 { try await store.append(entries.batch(25, logs: logs, isSigned: true)) }
      store.finishIndexes()
      if upkeep == .dropCompressed { try store.compressSegments(before: .max) }
    }
    var image = files.image
    if upkeep == .index {
      for path in image.keys where path.hasSuffix(".idx") { image[path] = nil }
    }
    return (image, entries)
  }

  @Test(
    "whichever call fails, each segment is as it was or as it is to be, and nothing is forked",
    arguments: Upkeep.allCases)
  func everyCall(upkeep: Upkeep) async throws {
    var random = SeededRandom("upkeep \(upkeep)")
    let (whole, entries) = try await Self.store(before: upkeep)
    let clean = MemoryFiles(whole)
    let (from, calls) = try await Self.calls(of: upkeep, clean)
    #expect(calls.count > 5)
    var cases = 0
    for call in calls.indices {
      for fault in [MemoryFiles.Fault.error(5), .error(28), .short, .lost] {
        cases += 1
        let files = MemoryFiles(whole)
        files.fail(from + call, fault)
        let store = try? LogStore(at: "/log", .small, files: files) { _ in }
        if let store {
          _ = upkeep.run(store)
          await store.close()
        }
        for image in [files.image, files.crashImage(&random), files.crashImage(&random)] {
          try await check(image, entries, "\(upkeep): \(calls[call]) \(fault)")
        }
      }
    }
    print("\(upkeep): \(cases) failing calls")
  }

  /// The first call of the upkeep, and all of its calls.
  private static func calls(
    of upkeep: Upkeep, _ files: MemoryFiles
  ) async throws -> (Int, [MemoryFiles.Call]) {
    var from = 0
    try await withStore(files) { store async throws in
      // Indexes are made beside everything else, from the start on.
      from = upkeep == .index ? 0 : files.calls.count
      #expect(upkeep.run(store))
    }
    return (from, Array(files.calls[from...]))
  }

  @Test("cut at any byte, a compressed segment that is being written is not yet the segment")
  func everyByte() async throws {
    let (whole, entries) = try await Self.store(before: .compress)
    let done = MemoryFiles(whole)
    try await withStore(done) { store async throws in
      #expect(try store.compressSegments(before: .max) > 2)
    }
    let path = "/log/segments/0000000001.seg"
    let image = try #require(done.image[path])
    #expect(CompressedHeader.begins(image))
    for cut in stride(from: 0, through: image.count, by: 7) {
      var files = whole
      files[path + ".new"] = Array(image[..<cut])
      try await check(files, entries, "cut at \(cut)")
    }
    // Renamed, the others not yet.
    var files = whole
    files[path] = image
    try await check(files, entries, "renamed")
  }

  private func check(
    _ image: [String: [UInt8]], _ entries: TestEntries, _ what: String
  ) async throws {
    let files = MemoryFiles(image)
    let report = try LogStoreCheck(at: "/log", files: files).run(verify: TestSigner.isSigned)
    #expect(report.faults.isEmpty, "\(what)")
    try await withStore(files) { store async throws in
      #expect(store.entryCount == UInt64(entries.made.count), "\(what)")
      for (log, limit) in [("acme", 70), ("globex", 20)] {
        let made = entries.made.filter { $0.log == log }
        let found = try store.log(log).entries(from: 0, limit: .max)
        #expect(store.log(log).tree.root == NaiveTree.root(made.map(\.body)[...]), "\(what)")
        for (entry, original) in zip(found, made) {
          let mayBeGone = entry.index < limit && original.kind != 3
          #expect(entry.body == original.body || (entry.body == nil && mayBeGone), "\(what)")
          #expect(entry.leaf == Hash.leaf(original.body), "\(what)")
        }
      }
      var next = entries
      try await store.append(next.batch(2, logs: Self.logs, isSigned: true))
    }
  }
}
