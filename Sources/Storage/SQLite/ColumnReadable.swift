/// What can be read from a column. Typed ids conform by reading their bytes or text.
public protocol ColumnReadable {
  static func read(_ row: Row, _ column: Int) throws(StorageError) -> Self
}

extension ColumnReadable where Self: FixedWidthInteger {
  public static func read(_ row: Row, _ column: Int) throws(StorageError) -> Self {
    guard let value = Self(exactly: try row.int64(column)) else { throw row.outOfRange(column) }
    return value
  }
}

extension Int64: ColumnReadable {}
extension Int32: ColumnReadable {}
extension Int: ColumnReadable {}
extension UInt64: ColumnReadable {}

extension Bool: ColumnReadable {
  public static func read(_ row: Row, _ column: Int) throws(StorageError) -> Bool {
    switch try row.int64(column) {
    case 0: false
    case 1: true
    default: throw row.unexpected(column, "0 or 1")
    }
  }
}

extension String: ColumnReadable {
  public static func read(_ row: Row, _ column: Int) throws(StorageError) -> String {
    try row.string(column)
  }
}

extension [UInt8]: ColumnReadable {
  public static func read(_ row: Row, _ column: Int) throws(StorageError) -> [UInt8] {
    try row.bytes(column)
  }
}

extension Optional: ColumnReadable where Wrapped: ColumnReadable {
  public static func read(_ row: Row, _ column: Int) throws(StorageError) -> Wrapped? {
    row.isNull(column) ? nil : try Wrapped.read(row, column)
  }
}
