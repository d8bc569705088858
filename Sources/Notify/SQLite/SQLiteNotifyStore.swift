internal import Domain
internal import Storage

/// Notify's store: one SQLite file.
struct SQLiteNotifyStore: NotifyStore {
  let database: Database

  /// Opens or makes the file at `path`.
  init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    database = try Database(
      at: path, DatabaseOptions(program: "lockbox-notify", applicationID: 0x4C42_6E6F),
      migrations: NotifyTables.migrations, clock: { clock.now().nanoseconds }, onFatal: onFatal)
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any NotifyTransaction) throws -> Value
  ) async throws -> Value {
    try await database.write { try body(SQLiteNotifyTransaction($0)) }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any NotifyReader) throws -> Value
  ) async throws -> Value {
    try await database.read { try body(SQLiteNotifyReader(connection: $0)) }
  }
}
