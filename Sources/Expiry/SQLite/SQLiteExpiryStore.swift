public import Domain
public import Storage

/// Expiry's store: one SQLite file.
public struct SQLiteExpiryStore: ExpiryStore {
  public let database: Database

  /// Opens or makes the file at `path`.
  public init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    database = try Database(
      at: path, DatabaseOptions(program: "lockbox-expiry", applicationID: 0x4C42_6578),
      migrations: Self.migrations, clock: { clock.now().nanoseconds }, onFatal: onFatal)
  }

  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ExpiryTransaction) throws -> Value
  ) async throws -> Value {
    try await database.write { try body(SQLiteExpiryTransaction($0)) }
  }

  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ExpiryReader) throws -> Value
  ) async throws -> Value {
    try await database.read { try body(SQLiteExpiryReader(connection: $0)) }
  }

  public var timeMark: TimeMark {
    TimeMark(mark: Timestamp(nanoseconds: database.clockMark))
  }

  /// `grant_id` is set for a grant's deadline, `stage` for a stage's.
  static let migrations = [
    Migration(
      """
      CREATE TABLE deadline (
        request_id BLOB NOT NULL PRIMARY KEY, tenant_id TEXT NOT NULL, stage INTEGER,
        grant_id BLOB, due INTEGER NOT NULL,
        CHECK ((stage IS NULL) <> (grant_id IS NULL))
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX deadline_by_due ON deadline (due, request_id)",
      """
      CREATE TABLE fired (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT
      """,
      "INSERT INTO fired VALUES (1, 0)"
    ),
    // One moment a row, and an entry of the index only while there is one: most of ten million
    // deadlines that wait have had their notices, or are a grant's.
    Migration(
      "ALTER TABLE deadline ADD COLUMN notice INTEGER",
      "CREATE INDEX deadline_by_notice ON deadline (notice) WHERE notice IS NOT NULL"),
  ]
}
