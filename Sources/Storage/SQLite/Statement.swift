internal import CSQLite

/// A prepared statement, kept by its connection for the next use.
final class Statement {
  /// Stands for the present row after each `step` that answered `row`.
  let row: Row
  private let path: String
  /// True while a query stands on a row: a query inside its closure needs a statement of its own.
  private(set) var isRunning = false

  init(handle: OpaquePointer, path: String) {
    row = Row(handle, path: path)
    self.path = path
  }

  private var handle: OpaquePointer { row.statement }

  enum Step {
    case row, done
  }

  /// Binds, lets `body` step, and leaves the statement reset without its bindings.
  func run<R>(_ values: [any Bindable], _ body: () throws -> R) throws -> R {
    isRunning = true
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
      isRunning = false
    }
    try bind(values)
    return try body()
  }

  func step() throws(StorageError) -> Step {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: .row
    case SQLITE_DONE: .done
    default: throw lastError(while: "running \(sql)")
    }
  }

  private func bind(_ values: [any Bindable]) throws(StorageError) {
    guard values.count == Int(sqlite3_bind_parameter_count(handle)) else {
      throw StorageError(
        .misuse, message: "\(values.count) values for another number of parameters",
        while: "binding to \(sql)", path: path)
    }
    for (index, value) in values.enumerated() {
      if try bind(value.sqlValue, at: Int32(index + 1)) != SQLITE_OK {
        throw lastError(while: "binding to \(sql)")
      }
    }
  }

  // SQLite takes a copy of text and blobs: Swift promises no address beyond the closure, and the
  // copy of a 400-byte row is not measurable beside its insertion.
  private func bind(_ value: SQLValue, at index: Int32) throws(StorageError) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(handle, index)
    case .integer(let value): return sqlite3_bind_int64(handle, index, value)
    case .unsigned(let value):
      guard let signed = Int64(exactly: value) else {
        throw StorageError(
          .outOfRange, message: "\(value) is above 9223372036854775807",
          while: "binding to \(sql)", path: path)
      }
      return sqlite3_bind_int64(handle, index, signed)
    case .text(var text):
      return text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { bytes in
          sqlite3_bind_text64(
            handle, index, bytes.baseAddress ?? Self.empty, UInt64(bytes.count),
            lockbox_sqlite_transient(), UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let bytes):
      return bytes.withUnsafeBytes { bytes in
        sqlite3_bind_blob64(
          handle, index, bytes.baseAddress ?? UnsafeRawPointer(Self.empty), UInt64(bytes.count),
          lockbox_sqlite_transient())
      }
    }
  }

  /// An address for empty values: a null pointer would bind NULL. Never read, never freed.
  nonisolated(unsafe) private static let empty = UnsafePointer<CChar>(
    UnsafeMutablePointer<CChar>.allocate(capacity: 1))

  private var sql: String {
    sqlite3_sql(handle).map { String(cString: $0) } ?? "?"
  }

  private func lastError(while action: String) -> StorageError {
    let connection = sqlite3_db_handle(handle)
    return .sqlite(
      sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)),
      while: action, path: path)
  }
}
