public import Domain
public import Storage

/// Intake's store: one SQLite file.
public struct SQLiteIntakeStore: IntakeStore {
  public let database: Database

  /// Opens or makes the file at `path`.
  public init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    database = try Database(
      at: path, DatabaseOptions(program: "lockbox-intake", applicationID: 0x4C42_696E),
      migrations: Self.migrations, clock: { clock.now().nanoseconds }, onFatal: onFatal)
  }

  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (any IntakeTransaction) throws -> Value
  ) async throws -> Value {
    try await database.write { try body(SQLiteIntakeTransaction($0)) }
  }

  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (any IntakeReader) throws -> Value
  ) async throws -> Value {
    try await database.read { try body(SQLiteIntakeReader(connection: $0)) }
  }

  public var timeMark: TimeMark {
    TimeMark(mark: Timestamp(nanoseconds: database.clockMark))
  }

  static let migrations = [
    Migration(
      """
      CREATE TABLE request (
        request_id BLOB NOT NULL PRIMARY KEY,
        access_request BLOB NOT NULL,
        digest BLOB NOT NULL,
        tenant_id TEXT NOT NULL,
        engineer_issuer TEXT NOT NULL,
        engineer_id TEXT NOT NULL,
        state INTEGER NOT NULL,
        deadline INTEGER,
        grant_id BLOB,
        withdrawn INTEGER NOT NULL DEFAULT 0,
        update_time INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX request_by_tenant ON request (tenant_id, request_id)",
      "CREATE INDEX request_by_engineer ON request (engineer_id, request_id)",
      """
      CREATE TABLE submission (
        engineer_id TEXT NOT NULL, engineer_issuer TEXT NOT NULL, key TEXT NOT NULL,
        content BLOB NOT NULL, request_id BLOB NOT NULL,
        PRIMARY KEY (engineer_id, engineer_issuer, key)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE tenant (
        tenant_id TEXT NOT NULL PRIMARY KEY, longest_access INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE TABLE workload (workload TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID"
    ),
    Migration(
      "CREATE UNIQUE INDEX request_by_grant ON request (grant_id) WHERE grant_id IS NOT NULL"),
  ]
}
