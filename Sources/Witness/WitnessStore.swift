internal import Domain
internal import MerkleLog
internal import Storage

/// What was cosigned, durable before anybody sees a cosignature.
///
/// Comparing with the last tree and keeping the next are one transaction, and one thread runs all of
/// them: of two that race, the second is judged by what the first has kept.
struct WitnessStore: Sendable {
  let database: Database

  static let migrations = [
    Migration(
      """
      CREATE TABLE cosigned (
        origin TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
        time INTEGER NOT NULL, note TEXT NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      // Two signed trees of one size: proof that the log has forked.
      """
      CREATE TABLE fork (
        origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
        cosigned_note TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (origin, size, root)
      ) STRICT, WITHOUT ROWID
      """)
  ]

  /// Forks that are kept of one log: the first is proof enough.
  static let keptForks = 16

  init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    var options = DatabaseOptions(program: "lockbox-witness", applicationID: 0x4C42_7769)
    // Some kilobytes a log: the usual cache would be larger than the file.
    options.cacheKiB = 1_024
    database = try Database(
      at: path, options, migrations: Self.migrations, clock: { clock.now().nanoseconds },
      onFatal: onFatal)
  }

  /// Judges a checkpoint by the last tree, keeps it, and cosigns it.
  ///
  /// - Throws: `WitnessRefusal`, with nothing kept; what the database throws, and then the next call
  ///   is judged by whichever of the two trees was kept.
  func cosign(
    _ request: AddCheckpoint, of origin: KeyName, signedBy note: SignedNote,
    _ signer: CosignatureSigner
  ) async throws -> Cosignature {
    try await database.write { transaction in
      let last = try Self.last(of: origin, in: transaction)
      try WitnessJudge.check(request, after: last)
      // A larger tree is never said to be older than a smaller one.
      let time = max(1, UInt64(max(0, transaction.now / 1_000_000_000)), last?.time ?? 0)
      let cosignature = signer.cosign(request.checkpoint, at: time)
      try transaction.execute(
        """
        INSERT INTO cosigned (origin, size, root, time, note) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root,
          time = excluded.time, note = excluded.note
        """, origin.rawValue, request.checkpoint.size, request.checkpoint.root.bytes, time,
        try note.adding([cosignature.line]).serialized)
      return cosignature
    }
  }

  /// Keeps a checkpoint that the log has signed beside another one of the same size.
  /// - Returns: whether it is one.
  func keepFork(_ request: AddCheckpoint, of origin: KeyName) async throws -> Bool {
    let size = request.checkpoint.size
    let root = request.checkpoint.root
    return try await database.write { transaction in
      let cosigned = try transaction.first(
        "SELECT note FROM cosigned WHERE origin = ? AND size = ? AND root <> ?",
        origin.rawValue, size, root.bytes
      ) { try $0.string(0) }
      guard let cosigned else { return false }
      let kept = try transaction.first(
        "SELECT count(*) FROM fork WHERE origin = ?", origin.rawValue
      ) { try $0.get(0, as: Int.self) }
      if kept ?? 0 < Self.keptForks {
        try transaction.execute(
          "INSERT OR IGNORE INTO fork VALUES (?, ?, ?, ?, ?, ?)", origin.rawValue, size,
          root.bytes, request.note.serialized, cosigned, transaction.now)
      }
      return true
    }
  }

  /// The newest cosigned checkpoint of a log, as it was signed and cosigned.
  func note(of origin: KeyName) async throws -> String? {
    try await database.read { connection in
      try connection.first("SELECT note FROM cosigned WHERE origin = ?", origin.rawValue) {
        try $0.string(0)
      }
    }
  }

  private static func last(
    of origin: KeyName, in transaction: Transaction
  ) throws -> CosignedTree? {
    try transaction.first(
      "SELECT size, root, time FROM cosigned WHERE origin = ?", origin.rawValue
    ) { row in
      guard let root = Hash(try row.bytes(1)) else { throw row.unexpected(1, "a hash") }
      return CosignedTree(size: try row.get(0), root: root, time: try row.get(2))
    }
  }
}
