internal import Domain
internal import Storage

/// The audit log in one SQLite file.
struct SQLiteAuditStore: AuditStore {
  let database: Database
  private let appender = EntryAppender()

  /// Opens or makes the file.
  init(
    path: String, clock: any WallClock, onFatal: @escaping @Sendable (StorageError) -> Void
  ) throws {
    let options = DatabaseOptions(
      program: "lockbox-audit", applicationID: AuditSchema.applicationID)
    database = try Database(
      at: path, options, migrations: AuditSchema.migrations, clock: { clock.now().nanoseconds },
      onFatal: onFatal)
  }

  func append(_ batch: EventBatch) async throws -> [EntryPlace] {
    try await database.write { [appender] in try appender.append(batch, in: $0) }
  }

  func cursor(of feed: FeedName) async throws -> UInt64 {
    try await database.read { try $0.cursor(of: feed.rawValue) }
  }

  func place(of event: EventID) async throws -> EntryPlace? {
    try await database.read { connection in
      let found = try connection.first(
        """
        SELECT tenant, idx FROM entry JOIN log ON log.id = entry.log WHERE event_id = ?
        """, event
      ) { row in try (row.string(0), row.get(1, as: UInt64.self)) }
      guard let (tenant, index) = found else { return nil }
      return EntryPlace(log: try connection.logName(tenant), index: index)
    }
  }

  func read<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T {
    try await database.read { connection in
      try body(SQLiteLogReader(connection, log))
    }
  }

  func extents() async throws -> [LogExtent] {
    try await database.read { connection in
      try connection.all(
        """
        SELECT tenant, (SELECT max(idx) + 1 FROM entry WHERE log = log.id), checkpoint.size
        FROM log LEFT JOIN checkpoint ON checkpoint.log = log.id ORDER BY log.id
        """
      ) { row in
        LogExtent(
          log: try connection.logName(row.string(0)),
          size: try row.get(1, as: UInt64?.self) ?? 0,
          signedSize: try row.get(2, as: UInt64?.self) ?? 0)
      }
    }
  }

  func save(_ checkpoints: [LogCheckpoint]) async throws {
    try await database.write { transaction in
      for checkpoint in checkpoints {
        // Only a log with entries is signed, so the row of the log is there.
        try transaction.execute(
          """
          INSERT INTO checkpoint (log, size, note) SELECT id, ?, ? FROM log WHERE tenant = ?
          ON CONFLICT (log) DO UPDATE SET size = excluded.size, note = excluded.note
          WHERE excluded.size > checkpoint.size
          """, checkpoint.size, checkpoint.note, checkpoint.log.tenantID)
      }
    }
  }

  func list(_ query: EntryQuery) async throws -> EntryList {
    try await database.read { connection in
      guard let log = try connection.logID(query.log) else { return EntryList() }
      return try connection.entries(of: log, query)
    }
  }
}

extension Connection {
  func logID(_ log: LogName) throws -> LogID? {
    try first("SELECT id FROM log WHERE tenant = ?", log.tenantID) { LogID(number: try $0.get(0)) }
  }

  /// The log of a stored tenant id.
  func logName(_ tenant: String) throws -> LogName {
    guard let name = LogName(tenantID: tenant) else {
      throw StorageError(
        .unexpectedValue, message: "\(tenant) is no tenant id", while: "reading the table log",
        path: path)
    }
    return name
  }
}
