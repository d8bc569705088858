internal import Glibc
internal import LogStore
internal import MerkleLog

/// Durable entries a second by batch size, beside the rates of hashing and of syncing; then what
/// reads cost at the size that the store has then.
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
    if logs > 1 {
      for round in 1...2 {
        try await sign(store, round)
        try await store.append(batches(next, Int(logs), logs)[0])
        next += logs
      }
    }
    await store.close()
    try await Reads(directory: directory, logs: logs).run()
  }

  private func batches(_ first: UInt64, _ size: Int, _ count: UInt64) -> [NewBatch] {
    stride(from: first, to: first + count, by: size).map { start in
      NewBatch(
        cursor: CursorMove(feed: "bench", after: start, through: start + UInt64(size)),
        entries: Samples.entries(start, size, logs: logs),
        signer: logs == 1 ? Samples.sign : nil)
    }
  }

  /// What the service does at each interval when every tenant's log has grown: checks each log
  /// against its newest checkpoint, signs it, and writes 128 checkpoints at a time.
  private func sign(_ store: LogStore, _ round: Int) async throws {
    let names = store.logs
    let usage = processorSeconds()
    let took = try await clock.measure {
      for start in stride(from: 0, to: names.count, by: 128) {
        let kept = try names[start..<min(start + 128, names.count)].compactMap { name in
          let log = store.log(name)
          if let newest = try log.checkpoint() { try log.check(newest) }
          return Samples.sign(name, log.size, log.tree.root).map {
            KeptCheckpoint(log: name, size: log.size, note: $0)
          }
        }
        try await store.append(NewBatch(checkpoints: kept))
      }
    }
    say(
      "round \(round): \(names.count) logs signed in \(took), "
        + "\(Int((processorSeconds() - usage) / Double(names.count) * 1e6)) µs CPU each")
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

  /// Of all threads, user and system.
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
