internal import Glibc
internal import LogStore
internal import MerkleLog

/// Durable entries a second by batch size, beside the rates of hashing and of syncing; then a
/// start, proofs and queries at the size that the store has then.
struct Benchmark {
  let directory: String
  let entries: Int
  /// The entries' logs, in turn. More than one are not signed: the service does that when somebody
  /// asks.
  let logs: UInt64
  private let clock = ContinuousClock()

  init(directory: String, entries: Int, logs: UInt64) {
    self.directory = directory
    self.entries = entries
    self.logs = logs
  }

  func run() async throws {
    hashes()
    try syncs()
    let store = try LogStore(at: directory) { say("fatal: \($0)") }
    var next = store.cursor(of: "bench")
    for size in [1, 8, 64, 512] {
      let count = UInt64(min(max(size * 400, 2_000), entries))
      let prepared = batches(next, size, count)
      let usage = processorSeconds()
      let took = try await clock.measure {
        for batch in prepared { try await store.append(batch) }
      }
      next += UInt64(prepared.count * size)
      report(size, prepared.count, took, processorSeconds() - usage)
    }
    while next < UInt64(entries) {
      for batch in batches(next, 512, 51_200) { try await store.append(batch) }
      next += 51_200
    }
    await store.close()
    try await reads()
  }

  private func batches(_ first: UInt64, _ size: Int, _ count: UInt64) -> [NewBatch] {
    stride(from: first, to: first + count, by: size).map { start in
      NewBatch(
        cursor: CursorMove(feed: "bench", after: start, through: start + UInt64(size)),
        entries: Samples.entries(start, size, logs: logs),
        signer: logs == 1 ? Samples.sign : nil)
    }
  }

  private func report(_ size: Int, _ count: Int, _ took: Duration, _ processor: Double) {
    let rate = Int(Double(size * count) / took.seconds)
    let each = took.seconds / Double(count) * 1e6
    say(
      "batch \(size): \(rate) entries/s durable\(logs == 1 ? " with a signed checkpoint" : ""), "
        + "\(Int(each)) µs a batch, \(Int(processor / Double(size * count) * 1e9)) ns CPU an entry")
  }

  /// What a log cannot be faster than on one core: a leaf and a node for each entry.
  private func hashes() {
    let body = Samples.body(1)
    var tree = CompactTree()
    let count = 200_000
    let took = clock.measure { for _ in 0..<count { tree.append(Hash.leaf(body)) } }
    say("limit: \(Int(Double(count) / took.seconds)) leaves and nodes hashed/s")
  }

  /// What a store of one sync a batch cannot be faster than: on the same disk, within zeros.
  private func syncs() throws {
    let path = directory + ".sync"
    let file = try PosixFileSystem().open(path, creates: true, isReadOnly: false)
    defer { unlink(path) }
    let zeros = [UInt8](repeating: 0, count: 4 << 20)
    let page = [UInt8](repeating: 1, count: 4 << 10)
    _ = try zeros.withUnsafeBytes { try file.write($0, at: 0) }
    try file.syncData()
    let count = 1_000
    let took = try clock.measure {
      for number in 0..<count {
        _ = try page.withUnsafeBytes { try file.write($0, at: UInt64(number * page.count)) }
        try file.syncData()
      }
    }
    say("limit: \(Int(Double(count) / took.seconds)) writes of 4 KiB with fdatasync/s")
  }

  private func reads() async throws {
    var store: LogStore?
    let opening = try clock.measure {
      store = try LogStore(at: directory) { say("fatal: \($0)") }
    }
    guard let store else { return }
    let report = store.report
    say(
      "start: \(report.entries) entries in \(report.segments) segments in \(opening), "
        + "\(report.replayed) read again, \(report.logs) logs, \(residentMiB()) MiB resident")
    let log = store.log("acme")
    try time("inclusion proof", 2_000) { number in
      let index = UInt64.random(in: 0..<log.size)
      let proof = try InclusionProof.make(index: index, size: log.size, nodes: log.hash(of:))
      if number == 0 {
        let leaf = Hash.leaf(try log.entry(at: index)?.body ?? [])
        try InclusionProof.verify(
          leaf: leaf, index: index, size: log.size, root: log.tree.root, proof: proof)
      }
    }
    try time("consistency proof", 2_000) { _ in
      let old = UInt64.random(in: 1...log.size)
      _ = try ConsistencyProof.make(old: old, new: log.size, nodes: log.hash(of:))
    }
    try time("entry by index", 2_000) { _ in
      _ = try log.entry(at: .random(in: 0..<log.size))
    }
    try time("entry's place by id", 2_000) { _ in
      _ = try store.address(of: Key128(high: .random(in: 0..<report.entries), low: 0))
    }
    try time("entries of a request", 200) { _ in
      var query = LogQuery(limit: 50)
      query.request = Key128(high: .random(in: 0..<(report.entries / 8)), low: 1)
      let found = try log.list(query).entries
      guard logs > 1 || !found.isEmpty else { throw Nothing() }
    }
    try time("page of 50 of one kind", 200) { _ in
      var query = LogQuery(from: .random(in: 0..<(log.size / 2)), limit: 50)
      query.kinds = [3]
      let found = try log.list(query).entries
      guard logs > 1 || found.count == 50 else { throw Nothing() }
    }
    await store.close()
  }

  private struct Nothing: Error {}

  private func time(_ what: String, _ count: Int, _ body: (Int) throws -> Void) throws {
    var times: [Duration] = []
    for number in 0..<count { times.append(try clock.measure { try body(number) }) }
    times.sort()
    say("\(what): median \(times[count / 2]), p99 \(times[count * 99 / 100])")
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

  /// Of all threads, user and system.
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension Duration {
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
