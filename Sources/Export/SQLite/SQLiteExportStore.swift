internal import Domain
internal import Storage

/// Export's store: one SQLite file.
struct SQLiteExportStore: ExportStore {
  let database: Database

  /// Opens or makes the file at `path`.
  init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    database = try Database(
      at: path, DatabaseOptions(program: "lockbox-export", applicationID: 0x4C42_786F),
      migrations: Self.migrations, clock: { clock.now().nanoseconds }, onFatal: onFatal)
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ExportTransaction) throws -> Value
  ) async throws -> Value {
    try await database.write { try body(SQLiteExportTransaction($0)) }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ExportReader) throws -> Value
  ) async throws -> Value {
    try await database.read { try body(SQLiteExportReader(connection: $0)) }
  }

  /// The provider's own log has the tenant ''. Blobs are made of a tenant's entries of one type
  /// whose indexes lie in the blob's range.
  static let migrations = [
    Migration(
      """
      CREATE TABLE entry (
        sequence INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, log_index INTEGER NOT NULL,
        type INTEGER, received INTEGER NOT NULL, event BLOB NOT NULL
      ) STRICT
      """,
      "CREATE UNIQUE INDEX entry_by_log ON entry (tenant_id, log_index)",
      """
      CREATE TABLE blob (
        tenant_id TEXT NOT NULL, type INTEGER NOT NULL, first_index INTEGER NOT NULL,
        last_index INTEGER NOT NULL, created INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, type, first_index)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX blob_by_time ON blob (tenant_id, type, created, first_index)",
      """
      CREATE TABLE tenant (
        tenant_id TEXT NOT NULL PRIMARY KEY, listed_through INTEGER, dropped_through INTEGER
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE subscription (
        tenant_id TEXT NOT NULL, client_issuer TEXT NOT NULL, client_id TEXT NOT NULL,
        type INTEGER NOT NULL, enabled INTEGER NOT NULL,
        address TEXT, auth_id TEXT, expiration INTEGER, disabled INTEGER NOT NULL DEFAULT 0,
        told INTEGER, failures INTEGER NOT NULL DEFAULT 0, failing_since INTEGER,
        next_attempt INTEGER,
        PRIMARY KEY (tenant_id, client_issuer, client_id, type)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE attempt (
        number INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, client_issuer TEXT NOT NULL,
        client_id TEXT NOT NULL, type INTEGER NOT NULL, first_index INTEGER NOT NULL,
        sent INTEGER NOT NULL, succeeded INTEGER NOT NULL
      ) STRICT
      """,
      """
      CREATE INDEX attempt_by_subscription
        ON attempt (tenant_id, type, client_issuer, client_id, number)
      """
    ),
    DeliveryTables.migration,
  ]
}
