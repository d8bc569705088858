public import Domain
public import Storage

/// Approvals' store: one SQLite file.
public struct SQLiteApprovalsStore: ApprovalsStore {
  public let database: Database

  /// Opens or makes the file at `path`.
  public init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    database = try Database(
      at: path, DatabaseOptions(program: "lockbox-approvals", applicationID: 0x4C42_6170),
      migrations: Self.migrations, clock: { clock.now().nanoseconds }, onFatal: onFatal)
  }

  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ApprovalsTransaction) throws -> Value
  ) async throws -> Value {
    try await database.write { try body(SQLiteApprovalsTransaction($0)) }
  }

  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ApprovalsReader) throws -> Value
  ) async throws -> Value {
    try await database.read { try body(SQLiteApprovalsReader(connection: $0)) }
  }

  public var timeMark: TimeMark {
    TimeMark(mark: Timestamp(nanoseconds: database.clockMark))
  }
}
