internal import Glibc
internal import LogStore
internal import MerkleLog

/// `log-bench [<directory> [<entries> [<logs>]]]`: what a log store does beside what the machine
/// could do.
/// `log-bench append <directory> <count>`: appends one entry after the other and says which are
/// acknowledged, for tests that let system calls fail. `log-bench check <directory>`: the full check.
/// `log-bench vectors <directory>`: proofs, checkpoints and tiles for others to check.
@main
struct LogBench {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    do {
      switch arguments.first {
      case "append": try await append(Array(arguments.dropFirst()))
      case "check": try check(Array(arguments.dropFirst()))
      case "vectors":
        guard let directory = arguments.dropFirst().first else { exit(64) }
        var vectors = Vectors(directory: directory)
        try await vectors.write()
      default:
        let directory = arguments.first ?? "/tmp/log-bench"
        let entries = arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        let logs = arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? 1
        try await Benchmark(directory: directory, entries: entries, logs: max(logs, 1)).run()
      }
    } catch {
      say("failed: \(error)")
      exit(1)
    }
  }

  private static func append(_ arguments: [String]) async throws {
    guard arguments.count == 2, let count = UInt64(arguments[1]) else { exit(64) }
    var options = LogStoreOptions()
    // Small, so that a few hundred entries make and seal segments.
    options.segmentBytes = 16 << 10
    let store = try LogStore(at: arguments[0], options) { error in
      say("fatal: \(error)")
      exit(3)
    }
    let first = store.cursor(of: "bench")
    say("found \(first)")
    for number in first..<(first + count) {
      let entry = NewEntry(
        log: "acme", id: Key128(high: number, low: 0), time: Int64(number),
        body: Samples.body(number))
      let cursor = CursorMove(feed: "bench", after: number, through: number + 1)
      try await store.append(NewBatch(cursor: cursor, entries: [entry], signer: Samples.sign))
      say("acknowledged \(number)")
      if number % 40 == 39 { upkeep(store, below: number - 30) }
    }
    await store.close()
  }

  /// What becomes of old entries; where a call of it fails, the store goes on as it was.
  private static func upkeep(_ store: LogStore, below index: UInt64) {
    do {
      let compressed = try store.compressSegments(before: .max)
      let dropped = try store.dropBodies(below: ["acme": index])
      say("compressed \(compressed), dropped \(dropped)")
    } catch {
      say("upkeep failed: \(error)")
    }
  }

  private static func check(_ arguments: [String]) throws {
    guard arguments.count == 1 else { exit(64) }
    let report = try LogStoreCheck(at: arguments[0]).run()
    for fault in report.faults { say("fault: \(fault)") }
    for fault in report.derived { say("derived: \(fault)") }
    if let torn = report.tornTail { say("torn: \(torn)") }
    say("entries \(report.entries), checkpoints \(report.checkpoints)")
    if !report.faults.isEmpty { exit(1) }
  }
}

/// Entries as a service makes them, and a signer.
enum Samples {
  private static let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))!
  private static let name = KeyName("log.example/acme")!

  static let sign: CheckpointSigner = { log, size, root in
    try? Checkpoint(origin: name, size: size, root: root)
      .signed(by: [NoteSigner(name: name, key: key)]).serialized
  }

  /// 300 bytes that differ from entry to entry.
  static func body(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) } + [UInt8](repeating: 0x2E, count: 292)
  }

  static func log(_ number: UInt64) -> String { number == 0 ? "acme" : "tenant-\(number)" }

  static func entries(_ first: UInt64, _ count: Int, logs: UInt64) -> [NewEntry] {
    (first..<(first + UInt64(count))).map { number in
      NewEntry(
        log: log(number % logs), id: Key128(high: number, low: 0), time: Int64(number),
        kind: UInt16(number % 15), request: Key128(high: number / 8, low: 1),
        body: body(number))
    }
  }
}

/// A line at once: the process may be killed after it.
func say(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = write(1, bytes, bytes.count)
}
