internal import Glibc
internal import MerkleLog
internal import ReferenceTree
internal import Synchronization
internal import TemporaryFiles
internal import Testing

@testable internal import LogStore

/// Where a test's store is.
enum Place: CaseIterable, Sendable, CustomTestStringConvertible {
  case disk
  case memory

  var testDescription: String { self == .disk ? "on disk" : "in memory" }

  /// Runs a test with an empty place and clears up after it.
  func with(_ body: (String, any FileSystem) async throws -> Void) async throws {
    switch self {
    case .memory: try await body("/log", MemoryFiles())
    case .disk:
      let folder = TemporaryDirectory()
      defer { withExtendedLifetime(folder) {} }
      try await body(folder.file("log"), PosixFileSystem())
    }
  }
}

/// Runs a body on an open store and closes it.
func withStore(
  at path: String = "/log", _ files: any FileSystem,
  _ options: LogStoreOptions = .small, _ body: (LogStore) async throws -> Void
) async throws {
  let store = try LogStore(at: path, options, files: files) { error in
    Issue.record("the store failed: \(error)")
  }
  do {
    try await body(store)
  } catch {
    await store.close()
    throw error
  }
  await store.close()
}

extension LogStoreOptions {
  /// Segments of a few batches, so that small tests have several.
  static var small: LogStoreOptions {
    var options = LogStoreOptions()
    options.segmentBytes = 8 << 10
    options.reserveBytes = 2 << 10
    return options
  }
}

/// Makes entries, each with an id of its own, ids rising like time.
struct TestEntries {
  /// Some 64 apart: a segment's mask of kinds takes these for one another.
  static let kinds: [UInt16] = [0, 1, 2, 3, 4, 66, 130]

  private(set) var made: [NewEntry] = []
  private var random: SeededRandom
  private var next: UInt64 = 0

  init(_ test: String = #function) { random = SeededRandom(test) }

  mutating func make(_ count: Int, logs: [String] = ["acme"]) -> [NewEntry] {
    let entries = (0..<count).map { number in
      next += 1
      let size = Int.random(in: 0...200, using: &random)
      return NewEntry(
        log: logs[number % logs.count], id: Key128(high: next, low: random.next()),
        time: Int64(next) * 1_000 - Int64.random(in: 0...5_000, using: &random),
        kind: Self.kinds.randomElement(using: &random) ?? 0,
        request: Bool.random(using: &random)
          ? Key128(high: next / 8, low: UInt64.random(in: 0...2, using: &random)) : nil,
        person: Bool.random(using: &random) ? "person-\(random.next() % 5)" : nil,
        body: random.bytes(size))
    }
    made += entries
    return entries
  }

  /// The next `count` entries as the next batch of the feed "feed".
  mutating func batch(_ count: Int, logs: [String] = ["acme"], isSigned: Bool = false) -> NewBatch {
    let after = next
    return NewBatch(
      cursor: CursorMove(feed: "feed", after: after, through: after + UInt64(count)),
      entries: make(count, logs: logs), signer: isSigned ? TestSigner.sign : nil)
  }

  func bodies(_ log: String) -> [[UInt8]] { made.filter { $0.log == log }.map(\.body) }
}

/// Signs checkpoints with a key that every test knows.
enum TestSigner {
  static let key = SigningKey(seed: [UInt8](repeating: 7, count: 32))!

  static func name(_ log: String) -> KeyName { KeyName("log.example/\(log)")! }

  static let sign: CheckpointSigner = { log, size, root in
    try? Checkpoint(origin: name(log), size: size, root: root)
      .signed(by: [NoteSigner(name: name(log), key: key)]).serialized
  }

  static func isSigned(_ checkpoint: KeptCheckpoint) -> Bool {
    let verifier = NoteVerifier(name: name(checkpoint.log), key: key.publicKey)
    return (try? SignedNote(parsing: checkpoint.note).verify([verifier])) != nil
  }
}

extension LogSnapshot {
  var bodies: [[UInt8]?] {
    get throws { try entries(from: 0, limit: .max).map(\.body) }
  }
}
