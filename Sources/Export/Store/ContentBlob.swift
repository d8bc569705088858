internal import Domain

/// Some entries of a tenant's log that are handed out together: of one content type, with indexes in
/// a range. Which ones is settled when the blob is made, and never changes.
struct ContentBlob: Hashable, Sendable {
  let tenant: TenantID
  let type: ContentType
  /// The first and the last entry's index; entries of other types may stand between them.
  let first: UInt64
  let last: UInt64
  /// When it was there to be listed; whole milliseconds, and never within a range of time that was
  /// listed before.
  let created: Timestamp

  var id: ContentID { ContentID(type: type, first: first, last: last) }
  var expiration: Timestamp { created + Self.lifetime }

  /// From its creation on; the API's own seven days.
  static let lifetime = Duration.hours(7 * 24)

  /// Where a blob stands in lists: by time, then by index.
  struct Position: Hashable, Sendable, Comparable {
    let created: Timestamp
    let first: UInt64

    static func < (left: Position, right: Position) -> Bool {
      (left.created, left.first) < (right.created, right.first)
    }
  }

  var position: Position { Position(created: created, first: first) }
}

/// A blob's name: `<first index>$<last index>$<number of the type>`, 16 hexadecimal digits each and
/// one.
struct ContentID: Hashable, Sendable, CustomStringConvertible {
  let type: ContentType
  let first: UInt64
  let last: UInt64

  init(type: ContentType, first: UInt64, last: UInt64) {
    self.type = type
    self.first = first
    self.last = last
  }

  /// Nil for what is no content id.
  init?(_ text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 3, let first = Self.number(parts[0]), let last = Self.number(parts[1]),
      first <= last, parts[2].utf8.count == 1, let number = Int(parts[2]),
      let type = ContentType(number: number)
    else { return nil }
    self.init(type: type, first: first, last: last)
  }

  var description: String { "\(Self.text(first))$\(Self.text(last))$\(type.number)" }

  private static func text(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Nil unless `text` would write the same.
  private static func number(_ digits: Substring) -> UInt64? {
    guard let number = UInt64(digits, radix: 16), text(number).utf8.elementsEqual(digits.utf8),
      number <= UInt64(Int64.max)
    else { return nil }
    return number
  }
}
