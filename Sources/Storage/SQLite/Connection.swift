internal import CSQLite

/// One connection to a database file. Not thread-safe: it stays with the thread that uses it,
/// which `Database` sees to; the closures of `read` and `write` cannot carry it away.
public final class Connection {
  public let path: String
  /// Owned: closed in `deinit`.
  private let handle: OpaquePointer
  private var statements: [SQL: Statement] = [:]
  /// The first error after which nothing may be acknowledged, even if a body swallowed it.
  private(set) var fatalError: StorageError?
  /// On the writer: SQLite may have rolled back by itself, and what a body that caught the error
  /// runs next would be committed statement by statement.
  var stopsAtFatalError = false
  /// Pages in the write-ahead log after the last commit on this connection.
  private(set) var walPages = 0

  /// - Throws: `cannotOpen`, `permission`; other faults of the file show at the first statement.
  init(path: String) throws(StorageError) {
    // No mutexes in SQLite: one thread at a time is what this class promises.
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard let handle else {
      throw .sqlite(SQLITE_NOMEM, message: "out of memory", while: "opening it", path: path)
    }
    guard code == SQLITE_OK else {
      let message = String(cString: sqlite3_errmsg(handle))
      sqlite3_close_v2(handle)
      throw .sqlite(code, message: message, while: "opening it", path: path)
    }
    self.path = path
    self.handle = handle
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs a statement that returns no rows.
  /// - Returns: the number of rows that it inserted, changed or deleted.
  @discardableResult
  public func execute(_ sql: SQL, _ values: any Bindable...) throws(StorageError) -> Int {
    try execute(sql, bindings: values)
  }

  @discardableResult
  public func execute(_ sql: SQL, bindings: [any Bindable]) throws(StorageError) -> Int {
    try noting {
      let statement = try self.statement(sql)
      return try statement.run(bindings) {
        while try statement.step() == .row {}
        return Int(sqlite3_changes64(handle))
      }
    }
  }

  /// The first row, or nil when there is none.
  public func first<R>(
    _ sql: SQL, _ values: any Bindable..., map: (Row) throws -> R
  ) throws -> R? {
    try first(sql, bindings: values, map: map)
  }

  public func first<R>(
    _ sql: SQL, bindings: [any Bindable], map: (Row) throws -> R
  ) throws -> R? {
    var result: R?
    try each(sql, bindings: bindings) { row in
      result = try map(row)
      return false
    }
    return result
  }

  /// All rows, in the order of the statement.
  public func all<R>(
    _ sql: SQL, _ values: any Bindable..., map: (Row) throws -> R
  ) throws -> [R] {
    try all(sql, bindings: values, map: map)
  }

  public func all<R>(
    _ sql: SQL, bindings: [any Bindable], map: (Row) throws -> R
  ) throws -> [R] {
    var result: [R] = []
    try each(sql, bindings: bindings) { row in
      result.append(try map(row))
      return true
    }
    return result
  }

  /// Row after row until there is none or `body` returns false.
  public func each(
    _ sql: SQL, bindings: [any Bindable] = [], _ body: (Row) throws -> Bool
  ) throws {
    do {
      let statement = try self.statement(sql)
      try statement.run(bindings) {
        while try statement.step() == .row, try body(statement.row) {}
      }
    } catch let error as StorageError {
      throw note(error)
    }
  }

  // MARK: - For Database and its threads

  /// False within a transaction.
  var isAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Rows changed since the connection was opened.
  var totalChanges: Int64 { sqlite3_total_changes64(handle) }

  /// Runs several statements at once; for schemas and settings, without values.
  func script(_ sql: String, while action: String) throws(StorageError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw note(lastError(code, while: action)) }
  }

  /// The one value that a PRAGMA answers with, as text.
  func pragma(_ sql: SQL) throws(StorageError) -> String? {
    try noting {
      let statement = try self.statement(sql)
      return try statement.run([]) {
        guard try statement.step() == .row else { return nil }
        return statement.row.text(0)
      }
    }
  }

  enum CheckpointMode {
    /// Copies what can be copied without waiting for anybody.
    case passive
    /// Waits for readers and writers, copies everything and empties the write-ahead log.
    case truncate
  }

  /// Moves pages from the write-ahead log to the file (sqlite.org/c3ref/wal_checkpoint_v2.html).
  /// - Returns: the pages that are left to move; another checkpoint under way counts as none done.
  func checkpoint(_ mode: CheckpointMode) throws(StorageError) -> Int {
    var inLog: Int32 = 0
    var moved: Int32 = 0
    let sqliteMode =
      switch mode {
      case .passive: SQLITE_CHECKPOINT_PASSIVE
      case .truncate: SQLITE_CHECKPOINT_TRUNCATE
      }
    let code = sqlite3_wal_checkpoint_v2(handle, nil, sqliteMode, &inLog, &moved)
    if code != SQLITE_OK && code & 0xff != SQLITE_BUSY {
      throw note(lastError(code, while: "checkpointing"))
    }
    return Int(max(inLog - moved, 0))
  }

  /// Counts the pages of the write-ahead log from here on. This also replaces SQLite's own
  /// checkpointing at commit: both use the one hook of a connection.
  func countWalPages() {
    // Unretained: the hook goes with the handle, which goes with self.
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().walPages = Int(pages)
        return SQLITE_OK
      }, context)
  }

  private func statement(_ sql: SQL) throws(StorageError) -> Statement {
    if stopsAtFatalError, let fatalError { throw fatalError }
    if let cached = statements[sql], !cached.isRunning { return cached }
    var prepared: OpaquePointer?
    var isWhole = true
    let code = sql.text.withCString { text in
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v3(
        handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &tail)
      isWhole = tail.map { String(cString: $0).allSatisfy(\.isWhitespace) } ?? true
      return code
    }
    guard code == SQLITE_OK else { throw lastError(code, while: "preparing \(sql.text)") }
    guard let prepared, isWhole else {
      sqlite3_finalize(prepared)
      throw StorageError(
        .misuse, message: "not exactly one statement", while: "preparing \(sql.text)", path: path)
    }
    let statement = Statement(handle: prepared, path: path)
    if statements[sql] == nil { statements[sql] = statement }
    return statement
  }

  private func noting<R>(_ body: () throws -> R) throws(StorageError) -> R {
    do {
      return try body()
    } catch let error as StorageError {
      throw note(error)
    } catch {
      throw StorageError(.misuse, message: "\(error)", while: "running a statement", path: path)
    }
  }

  private func note(_ error: StorageError) -> StorageError {
    if error.isFatal && fatalError == nil { fatalError = error }
    return error
  }

  private func lastError(_ code: Int32, while action: String) -> StorageError {
    .sqlite(
      code, message: String(cString: sqlite3_errmsg(handle)), while: action, path: path)
  }
}
