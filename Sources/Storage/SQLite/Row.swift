internal import CSQLite

/// The row that a statement stands on; valid within the closure that receives it. Kept longer it
/// shows another row or none, which is why nothing should keep it.
public final class Row {
  /// Owned: finalized in `deinit`.
  let statement: OpaquePointer
  private let path: String

  init(_ statement: OpaquePointer, path: String) {
    self.statement = statement
    self.path = path
  }

  deinit {
    sqlite3_finalize(statement)
  }

  /// The value of a column, counted from 0.
  /// - Throws: `unexpectedValue` for another type, or NULL where none is expected; `outOfRange`.
  public func get<T: ColumnReadable>(_ column: Int, as type: T.Type = T.self) throws(StorageError)
    -> T
  {
    try T.read(self, column)
  }

  public func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
  }

  public func int64(_ column: Int) throws(StorageError) -> Int64 {
    try require(SQLITE_INTEGER, column, "an integer")
    return sqlite3_column_int64(statement, Int32(column))
  }

  public func string(_ column: Int) throws(StorageError) -> String {
    try require(SQLITE_TEXT, column, "text")
    // column_text before column_bytes: the order that sqlite.org/c3ref/column_blob.html asks for.
    let text = sqlite3_column_text(statement, Int32(column))
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    let buffer = UnsafeBufferPointer(start: text, count: count)
    guard let string = String(validating: buffer, as: UTF8.self) else {
      throw unexpected(column, "UTF-8 text")
    }
    return string
  }

  public func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
    try require(SQLITE_BLOB, column, "bytes")
    let start = sqlite3_column_blob(statement, Int32(column))
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The number of bytes of a text or blob, without copying it.
  public func byteCount(_ column: Int) -> Int {
    Int(sqlite3_column_bytes(statement, Int32(column)))
  }

  /// The bytes of a column without a copy, for the time of `body`; no bytes for NULL.
  public func withBytes<R, E: Error>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let start = sqlite3_column_blob(statement, Int32(column))
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The error for a column that does not hold what was expected, such as "a request id".
  public func unexpected(_ column: Int, _ expected: String) -> StorageError {
    let name = sqlite3_column_name(statement, Int32(column)).map { String(cString: $0) } ?? "?"
    return StorageError(
      .unexpectedValue, message: "column \(name) does not hold \(expected)",
      while: "reading a row", path: path)
  }

  /// Any value as text, as SQLite converts it; nil for NULL.
  func text(_ column: Int) -> String? {
    sqlite3_column_text(statement, Int32(column)).map { String(cString: $0) }
  }

  func outOfRange(_ column: Int) -> StorageError {
    let value = sqlite3_column_int64(statement, Int32(column))
    return StorageError(
      .outOfRange, message: "\(value) does not fit the type asked for", while: "reading a row",
      path: path)
  }

  private func require(_ type: Int32, _ column: Int, _ name: String) throws(StorageError) {
    if sqlite3_column_type(statement, Int32(column)) != type { throw unexpected(column, name) }
  }
}
