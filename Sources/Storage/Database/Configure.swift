extension Connection {
  /// Opens the file for writing with every commit durable, and checks that it is so.
  static func writer(at path: String, _ options: DatabaseOptions) throws(StorageError) -> Connection
  {
    let connection = try Connection(path: path)
    // The page size comes before the first page and before WAL, which fixes it.
    try connection.script(
      "PRAGMA page_size = \(options.pageSize)", while: "setting the page size")
    try connection.expect("wal", of: "PRAGMA journal_mode = WAL")
    try connection.configure(options)
    connection.countWalPages()
    connection.stopsAtFatalError = true
    if options.checksAtOpening {
      if let found = try connection.pragma("PRAGMA quick_check(1)"), found != "ok" {
        throw StorageError(.corrupt, message: found, while: "checking it", path: path)
      }
    }
    return connection
  }

  /// For the checkpoint thread: syncs as the writer does.
  static func checkpointer(
    at path: String, _ options: DatabaseOptions
  ) throws(StorageError) -> Connection {
    let connection = try Connection(path: path)
    try connection.configure(options)
    connection.countWalPages()
    return connection
  }

  /// For a reader thread: refuses to write.
  static func reader(
    at path: String, _ options: DatabaseOptions
  ) throws(StorageError) -> Connection {
    let connection = try Connection(path: path)
    try connection.configure(options)
    try connection.script("PRAGMA query_only = ON", while: "making a reader")
    return connection
  }

  private func configure(_ options: DatabaseOptions) throws(StorageError) {
    try script(
      """
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -\(options.cacheKiB);
      """, while: "opening it")
    // Read back: with less than FULL an acknowledged commit can be lost with the power.
    try expect("2", of: "PRAGMA synchronous")
    try expect("1", of: "PRAGMA foreign_keys")
  }

  private func expect(_ value: String, of sql: SQL) throws(StorageError) {
    let found = try pragma(sql) ?? "nothing"
    guard found == value else {
      throw StorageError(
        .cannotOpen, message: "\(sql.text) gives \(found) instead of \(value)",
        while: "opening it", path: path)
    }
  }
}
