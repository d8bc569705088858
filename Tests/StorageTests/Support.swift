internal import Glibc
internal import Storage
internal import Synchronization
internal import TemporaryFiles
internal import Testing

extension TemporaryDirectory {
  var database: String { file("test.db") }
}

/// What `onFatal` was called with.
final class FatalErrors: Sendable {
  private let errors = Mutex<[StorageError]>([])

  var all: [StorageError] { errors.withLock { $0 } }

  func add(_ error: StorageError) {
    errors.withLock { $0.append(error) }
  }
}

let testMigrations = [
  Migration("CREATE TABLE item (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
]

/// A database with the table `item`.
func openDatabase(
  _ path: String, migrations: [Migration] = testMigrations, fatal: FatalErrors = FatalErrors(),
  _ change: (inout DatabaseOptions) -> Void = { _ in },
  clock: @escaping @Sendable () -> Int64 = { 1 }
) throws -> Database {
  var options = DatabaseOptions(program: "storage-tests", applicationID: 0x4c42_5854)
  change(&options)
  return try Database(
    at: path, options, migrations: migrations, clock: clock, onFatal: { fatal.add($0) })
}

func insert(_ id: Int, _ tx: Transaction) throws {
  try tx.execute("INSERT INTO item (id, body) VALUES (?, ?)", id, [UInt8](repeating: 7, count: 400))
}

extension Database {
  func itemIDs() async throws -> [Int] {
    try await read { try $0.all("SELECT id FROM item ORDER BY id") { try $0.get(0) } }
  }
}

/// Lets another thread run: for a thread that waits for a test to go on.
func yieldThread() {
  sched_yield()
}

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
