internal import Glibc
internal import LogStore
internal import MerkleLog

/// A start, proofs and queries, with the files in the page cache and without, plain and compressed.
struct Reads {
  let directory: String
  let logs: UInt64
  private let clock = ContinuousClock()

  init(directory: String, logs: UInt64) {
    self.directory = directory
    self.logs = logs
  }

  func run() async throws {
    limits()
    drop()
    say("files in the page cache: none")
    try await measure(isCompressing: false)
    load()
    say("files in the page cache: all")
    try await measure(isCompressing: true)
    drop()
    say("compressed, files in the page cache: none")
    try await measure(isCompressing: false)
    load()
    say("compressed, files in the page cache: all")
    try await measure(isCompressing: false)
  }

  /// What a proof cannot be faster than: the hashes of one tile.
  private func limits() {
    let leaf = Hash.leaf([1])
    let times = (0..<2_000).map { _ in
      clock.measure {
        var hash = leaf
        for _ in 0..<255 { hash = Hash.node(leaf, hash) }
        guard hash != leaf else { return }
      }
    }.sorted()
    say("limit: 255 hashes of a tile: median \(times[1_000]), p99 \(times[1_980])")
  }

  private func measure(isCompressing: Bool) async throws {
    var store: LogStore?
    let opening = try clock.measure {
      store = try LogStore(at: directory) { say("fatal: \($0)") }
    }
    guard let store else { return }
    let report = store.report
    say(
      "start: \(report.entries) entries in \(report.segments) segments in \(opening), "
        + "\(report.replayed) read again, \(report.logs) logs, \(residentMiB()) MiB resident")
    try proofs(of: store)
    try queries(of: store)
    if isCompressing {
      let before = segmentBytes()
      let took = try clock.measure { try store.compressSegments(before: .max) }
      say(
        "\(store.segmentCounts.compressed) of \(store.segmentCounts.all) segments compressed in "
          + "\(took): \(before >> 20) MiB to \(segmentBytes() >> 20) MiB")
    }
    await store.close()
  }

  private func proofs(of store: LogStore) throws {
    let log = store.log("acme")
    try time("inclusion proof", 5_000) { number in
      let index = UInt64.random(in: 0..<log.size)
      let proof = try InclusionProof.make(index: index, size: log.size, nodes: log.hash(of:))
      if number == 0 {
        let leaf = Hash.leaf(try log.entry(at: index)?.body ?? [])
        try InclusionProof.verify(
          leaf: leaf, index: index, size: log.size, root: log.tree.root, proof: proof)
      }
    }
    try time("consistency proof", 5_000) { _ in
      let old = UInt64.random(in: 1...log.size)
      _ = try ConsistencyProof.make(old: old, new: log.size, nodes: log.hash(of:))
    }
  }

  private func queries(of store: LogStore) throws {
    let log = store.log("acme")
    let count = store.entryCount
    try time("entry by index", 2_000) { _ in
      _ = try log.entry(at: .random(in: 0..<log.size))
    }
    try time("entry's place by id", 2_000) { _ in
      _ = try store.address(of: Key128(high: .random(in: 0..<count), low: 0))
    }
    try time("entries of a request", 200) { _ in
      var query = LogQuery(limit: 50)
      query.request = Key128(high: .random(in: 0..<(count / 8)), low: 1)
      let found = try log.list(query).entries
      guard logs > 1 || !found.isEmpty else { throw Nothing() }
    }
    try time("page of 50 of one kind", 200) { _ in
      var query = LogQuery(from: .random(in: 0..<(log.size / 2)), limit: 50)
      query.kinds = [3]
      let found = try log.list(query).entries
      guard logs > 1 || found.count == 50 else { throw Nothing() }
    }
    try time("5,000 entries looked at for a word", 20) { _ in
      var query = LogQuery(from: .random(in: 0..<max(log.size / 2, 1)), limit: 50)
      query.accepts = { $0.body?.first == 0xFF && $0.body?.last == 0xFF }
      query.examined = 5_000
      _ = try log.list(query)
    }
    var seen = 0
    let took = try clock.measure {
      _ = try log.eachSummary(times: .min ..< .max, limit: 5_000_000) { _ in seen += 1 }
    }
    say("\(seen) entries counted by time and kind in \(took)")
  }

  private struct Nothing: Error {}

  private func time(_ what: String, _ count: Int, _ body: (Int) throws -> Void) throws {
    var times: [Duration] = []
    for number in 0..<count { times.append(try clock.measure { try body(number) }) }
    times.sort()
    say("\(what): median \(times[count / 2]), p99 \(times[count * 99 / 100])")
  }

  // MARK: - Files

  private var files: [String] {
    ["segments", "index"].flatMap { folder in
      ((try? PosixFileSystem().list("\(directory)/\(folder)")) ?? []).map {
        "\(directory)/\(folder)/\($0)"
      }
    }
  }

  private func segmentBytes() -> UInt64 {
    files.filter { $0.hasSuffix(".seg") }.reduce(0) { sum, path in
      sum + ((try? PosixFileSystem().open(path, creates: false, isReadOnly: true).size()) ?? 0)
    }
  }

  /// Takes every page that is written already out of the system's cache.
  private func drop() {
    sync()
    for path in files { withDescriptor(path) { posix_fadvise($0, 0, 0, POSIX_FADV_DONTNEED) } }
  }

  /// Reads every file once.
  private func load() {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    for path in files {
      withDescriptor(path) { while read($0, &buffer, buffer.count) > 0 {} }
    }
  }

  private func withDescriptor<R>(_ path: String, _ body: (Int32) -> R) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return }
    _ = body(descriptor)
    close(descriptor)
  }

  private func residentMiB() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) >> 8
  }

}
