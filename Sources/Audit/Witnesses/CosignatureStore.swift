internal import Domain
internal import MerkleLog
internal import Storage

/// The newest cosigned checkpoints of each log, durable: what was gathered need not be asked for
/// again, and the service knows at its start what it has shown to others.
struct CosignatureStore: Sendable {
  let database: Database

  /// Of one log: receipts of the last minutes find theirs.
  private static let kept = 4

  private static let migrations = [
    Migration(
      """
      CREATE TABLE cosigned (
        log TEXT NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (log, size)
      ) STRICT, WITHOUT ROWID
      """)
  ]

  init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    var options = DatabaseOptions(program: "lockbox-audit", applicationID: 0x4C42_6375)
    options.cacheKiB = 4_096
    database = try Database(
      at: path, options, migrations: Self.migrations, clock: { clock.now().nanoseconds },
      onFatal: onFatal)
  }

  /// Cosigned checkpoints of a log of at least a size, the newest first.
  func notes(of log: LogName, covering size: UInt64) async throws -> [SignedNote] {
    try await database.read { connection in
      try connection.all(
        "SELECT note FROM cosigned WHERE log = ? AND size >= ? ORDER BY size DESC", log.tenantID,
        size
      ) { try SignedNote(parsing: try $0.string(0)) }
    }
  }

  /// The cosigned checkpoint of exactly a size.
  func note(of log: LogName, size: UInt64) async throws -> SignedNote? {
    try await notes(of: log, covering: size).last.flatMap { note in
      try Checkpoint(parsing: note.text).size == size ? note : nil
    }
  }

  /// Keeps a checkpoint with its cosignatures, beside those that are kept of the same one.
  /// - Returns: the note with all of them.
  func save(_ note: SignedNote, of log: LogName) async throws -> SignedNote {
    let size = try Checkpoint(parsing: note.text).size
    return try await database.write { transaction in
      let kept = try transaction.first(
        "SELECT note FROM cosigned WHERE log = ? AND size = ?", log.tenantID, size
      ) { try SignedNote(parsing: try $0.string(0)) }
      let all = try kept.map { try note.adding($0.signatures) } ?? note
      try transaction.execute(
        "INSERT OR REPLACE INTO cosigned (log, size, note) VALUES (?, ?, ?)", log.tenantID, size,
        all.serialized)
      try transaction.execute(
        """
        DELETE FROM cosigned WHERE log = ?1 AND size NOT IN (
          SELECT size FROM cosigned WHERE log = ?1 ORDER BY size DESC LIMIT ?2
        )
        """, log.tenantID, Self.kept)
      return all
    }
  }

  /// The largest size of each log that a witness has cosigned.
  func sizes() async throws -> [(log: String, size: UInt64)] {
    try await database.read { connection in
      try connection.all("SELECT log, max(size) FROM cosigned GROUP BY log") {
        (try $0.string(0), try $0.get(1))
      }
    }
  }
}
