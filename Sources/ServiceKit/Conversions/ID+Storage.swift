public import Domain
public import Storage

/// Ids are stored as their 16 bytes: they sort by time, as the UUIDs do.
extension ID: Bindable {
  public var sqlValue: SQLValue {
    .blob(
      withUnsafeBytes(of: (uuid.high.bigEndian, uuid.low.bigEndian)) { Array($0) })
  }
}

extension ID: ColumnReadable {
  public static func read(_ row: borrowing Row, _ column: Int) throws(StorageError) -> Self {
    let bytes = try row.bytes(column)
    guard bytes.count == 16 else { throw row.unexpected(column, "an id of 16 bytes") }
    func word(_ start: Int) -> UInt64 {
      bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let uuid = UUIDv7(high: word(0), low: word(8)) else {
      throw row.unexpected(column, "a UUID of version 7")
    }
    return Self(uuid)
  }
}
