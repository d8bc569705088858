internal import Domain
internal import Storage

/// Sessions in a file, so that a restart signs nobody out.
final class SQLiteSessionStore: SessionStore {
  let database: Database
  private let mostAttempts: Int

  private static let migrations = [
    Migration(
      """
      CREATE TABLE session (
        key BLOB NOT NULL PRIMARY KEY, created INTEGER NOT NULL, seen INTEGER NOT NULL,
        ends INTEGER NOT NULL, sealed BLOB NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE attempt (
        key BLOB NOT NULL PRIMARY KEY, ends INTEGER NOT NULL, sealed BLOB NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX attempt_ends ON attempt (ends)")
  ]

  init(
    path: String, clock: any WallClock, mostAttempts: Int = SessionLimits.mostAttempts,
    onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    var options = DatabaseOptions(program: "lockbox-portal", applicationID: 0x4C42_706F)
    // A few kilobytes a session.
    options.cacheKiB = 8 * 1_024
    database = try Database(
      at: path, options, migrations: Self.migrations, clock: { clock.now().nanoseconds },
      onFatal: onFatal)
    self.mostAttempts = mostAttempts
  }

  func insert(_ session: StoredSession) async throws {
    try await database.write { try Self.insert(session, $0) }
  }

  private static func insert(_ session: StoredSession, _ transaction: Transaction) throws {
    try transaction.execute(
      "INSERT INTO session (key, created, seen, ends, sealed) VALUES (?, ?, ?, ?, ?)",
      session.key.bytes, session.createTime.nanoseconds, session.seenTime.nanoseconds,
      session.endTime.nanoseconds, session.sealed)
  }

  func session(_ key: SessionKey) async throws -> StoredSession? {
    try await database.read { connection in
      try connection.first(
        "SELECT created, seen, ends, sealed FROM session WHERE key = ?", key.bytes
      ) { row in
        StoredSession(
          key: key, createTime: Timestamp(nanoseconds: try row.int64(0)),
          seenTime: Timestamp(nanoseconds: try row.int64(1)),
          endTime: Timestamp(nanoseconds: try row.int64(2)), sealed: try row.bytes(3))
      }
    }
  }

  func touch(_ key: SessionKey, at moment: Timestamp) async throws {
    try await database.write { transaction in
      _ = try transaction.execute(
        "UPDATE session SET seen = ? WHERE key = ?", moment.nanoseconds, key.bytes)
    }
  }

  func update(_ key: SessionKey, sealed: [UInt8]) async throws {
    try await database.write { transaction in
      _ = try transaction.execute(
        "UPDATE session SET sealed = ? WHERE key = ?", sealed, key.bytes)
    }
  }

  func replace(_ old: SessionKey, with session: StoredSession) async throws -> Bool {
    try await database.write { transaction in
      let removed = try transaction.execute("DELETE FROM session WHERE key = ?", old.bytes)
      guard removed == 1 else { return false }
      try Self.insert(session, transaction)
      return true
    }
  }

  func remove(_ key: SessionKey) async throws {
    try await database.write { transaction in
      _ = try transaction.execute("DELETE FROM session WHERE key = ?", key.bytes)
    }
  }

  func insert(_ attempt: StoredAttempt) async throws {
    let most = mostAttempts
    try await database.write { transaction in
      try transaction.execute(
        "INSERT INTO attempt (key, ends, sealed) VALUES (?, ?, ?)", attempt.key.bytes,
        attempt.endTime.nanoseconds, attempt.sealed)
      let count = try transaction.first("SELECT count(*) FROM attempt") {
        try $0.get(0, as: Int.self)
      }
      guard count ?? 0 > most else { return }
      try transaction.execute(
        "DELETE FROM attempt WHERE key = (SELECT key FROM attempt ORDER BY ends LIMIT 1)")
    }
  }

  func take(_ key: SessionKey) async throws -> StoredAttempt? {
    try await database.write { transaction in
      let found = try transaction.first(
        "SELECT ends, sealed FROM attempt WHERE key = ?", key.bytes
      ) { row in
        StoredAttempt(
          key: key, endTime: Timestamp(nanoseconds: try row.int64(0)), sealed: try row.bytes(1))
      }
      try transaction.execute("DELETE FROM attempt WHERE key = ?", key.bytes)
      return found
    }
  }

  func sweep(at now: Timestamp, unseenSince: Timestamp) async throws {
    try await database.write { transaction in
      try transaction.execute(
        "DELETE FROM session WHERE ends <= ? OR seen <= ?", now.nanoseconds,
        unseenSince.nanoseconds)
      try transaction.execute("DELETE FROM attempt WHERE ends <= ?", now.nanoseconds)
    }
  }

  func count() async throws -> Int {
    try await database.read { connection in
      try connection.first("SELECT count(*) FROM session") { try $0.get(0, as: Int.self) } ?? 0
    }
  }
}
