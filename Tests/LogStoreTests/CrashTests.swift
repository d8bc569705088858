internal import MerkleLog
internal import ReferenceTree
internal import Testing

@testable internal import LogStore

@Suite("Crashes of the log store")
struct CrashTests {
  /// A store's files, and the entries that were acknowledged.
  struct Image {
    var files: [String: [UInt8]]
    var entries: TestEntries
  }

  /// Batches until the active segment's first, its next, and one within it are at hand.
  private func images(_ counts: [Int], segmentBytes: Int = 8 << 10) async throws -> [Image] {
    let files = MemoryFiles()
    var entries = TestEntries()
    var images = [Image(files: files.image, entries: entries)]
    var options = LogStoreOptions.small
    options.segmentBytes = segmentBytes
    try await withStore(files, options) { store in
      for count in counts {
        try await store.append(entries.batch(count, logs: ["acme", "globex"], isSigned: true))
        store.finishIndexes()
        images.append(Image(files: files.image, entries: entries))
      }
    }
    return images
  }

  @Test("cut at every byte of a write, a store recovers to the batch before or the whole batch")
  func everyByte() async throws {
    // Within a segment, at its end with the beginning of the next, and within that.
    let images = try await images([1, 2, 30, 2, 1], segmentBytes: 4 << 10)
    #expect(images.last?.files["/log/segments/0000000001.seg"] != nil)
    for (before, after) in zip(images, images.dropFirst()) where after.added(to: before) < 30 {
      for (path, bytes) in after.files where path.hasSuffix(".seg") {
        let old = before.files[path]
        guard bytes != old else { continue }
        let same = zip(old ?? [], bytes).prefix { $0 == $1 }.count
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        for cut in same...end {
          var files = before.files
          // A segment begins when the one before it is sealed.
          if old == nil {
            files.merge(after.files.filter { $0.key != path && $0.key.hasSuffix(".seg") }) { $1 }
          }
          files[path] = Array(bytes[..<cut])
          try await check(files, before, after, "\(path) cut at \(cut)")
          // The file as long as it was reserved, now and then.
          guard cut % 8 == 0 else { continue }
          files[path]? += [UInt8](repeating: 0, count: bytes.count - cut)
          try await check(files, before, after, "\(path) written up to \(cut)")
        }
      }
    }
  }

  @Test("torn by sectors in any order, a store recovers to the batch before or the whole batch")
  func tornSectors() async throws {
    var random = SeededRandom("torn sectors")
    let images = try await images([2, 40, 3, 60, 1, 30, 40, 30])
    for (before, after) in zip(images, images.dropFirst()) {
      for call in 0..<12 {
        let files = MemoryFiles(before.files)
        files.fail(call, .error(5))
        let store = try? LogStore(at: "/log", .small, files: files) { _ in }
        if let store {
          _ = try? await store.append(after.batch(after: before))
          await store.close()
        }
        for _ in 0..<10 {
          try await check(files.crashImage(&random), before, after, "call \(call)")
        }
      }
    }
  }

  /// Opens a crash image: what was acknowledged is there, the rest whole or not at all, and the
  /// store goes on.
  private func check(
    _ image: [String: [UInt8]], _ before: Image, _ after: Image, _ what: String
  ) async throws {
    let files = MemoryFiles(image)
    let torn = try LogStoreCheck(at: "/log", files: files).run(verify: TestSigner.isSigned)
    #expect(torn.faults.isEmpty, "\(what)")
    try await withStore(files) { store in
      let count = store.entryCount
      let made = Int(count) == after.entries.made.count ? after.entries : before.entries
      #expect(Int(count) == made.made.count, "\(what)")
      #expect(store.cursor(of: "feed") == count, "\(what)")
      for log in ["acme", "globex"] {
        #expect(try store.log(log).bodies == made.bodies(log), "\(what)")
        #expect(store.log(log).signedSize == store.log(log).size, "\(what)")
      }
      #expect(torn.tornTail == store.report.tornTail)
      var next = made
      try await store.append(next.batch(2, logs: ["acme", "globex"], isSigned: true))
    }
    #expect(try LogStoreCheck(at: "/log", files: files).run().faults.isEmpty, "\(what)")
  }

  @Test("whichever call fails, nothing is lost or forked, and nothing more is acknowledged")
  func everyCall() async throws {
    var random = SeededRandom("failing calls")
    let images = try await images([30, 30, 3, 60, 2])
    let faults: [MemoryFiles.Fault] = [.error(5), .error(28), .short, .lost]
    var cases = 0
    for (before, after) in zip(images, images.dropFirst()) {
      let clean = MemoryFiles(before.files)
      try await withStore(clean) { try await $0.append(after.batch(after: before)) }
      for call in 0..<clean.calls.count {
        for fault in faults {
          cases += 1
          let files = MemoryFiles(before.files)
          files.fail(call, fault)
          let isAcknowledged = await run(files, before, after)
          for image in [files.image, files.crashImage(&random), files.crashImage(&random)] {
            try await check(
              image, isAcknowledged ? after : before, after, "\(clean.calls[call]) \(fault)")
          }
        }
      }
    }
    print("\(cases) failing calls")
    #expect(cases >= 100)
  }

  /// Opens, appends the one batch, and closes; whether the batch was acknowledged.
  private func run(_ files: MemoryFiles, _ before: Image, _ after: Image) async -> Bool {
    guard let store = try? LogStore(at: "/log", .small, files: files, onFatal: { _ in }) else {
      return false
    }
    var isAcknowledged = false
    do {
      try await store.append(after.batch(after: before))
      isAcknowledged = true
    } catch {
      // Once it has failed nothing is ever acknowledged again.
      await #expect(throws: LogStoreError.self) { try await store.append(NewBatch()) }
      await #expect(throws: LogStoreError.self) {
        try await store.append(after.batch(after: before))
      }
    }
    await store.close()
    return isAcknowledged
  }

  @Test("every batch is synced, and its file's name too, before it is acknowledged: 1,000 of 1,000")
  func acknowledgedAfterSync() async throws {
    let files = MemoryFiles()
    var entries = TestEntries()
    var synced = 0
    try await withStore(files) { store in
      for _ in 0..<1_000 {
        try await store.append(entries.batch(1))
        if files.isSynced("/log/segments") { synced += 1 }
      }
    }
    #expect(synced == 1_000)
    #expect(Set(files.image.keys.filter { $0.hasSuffix(".seg") }).count > 5)
  }
}

extension CrashTests.Image {
  func added(to before: CrashTests.Image) -> Int { entries.made.count - before.entries.made.count }

  /// The batch that leads here.
  func batch(after before: CrashTests.Image) -> NewBatch {
    let first = before.entries.made.count
    return NewBatch(
      cursor: CursorMove(feed: "feed", after: UInt64(first), through: UInt64(entries.made.count)),
      entries: Array(entries.made[first...]), signer: TestSigner.sign)
  }
}
