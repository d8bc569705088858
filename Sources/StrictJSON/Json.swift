/// A JSON value (RFC 8259) as it was written.
public enum Json: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The number's text: what it means is the reader's matter, and no digit is lost.
  case number(String)
  case string(String)
  case array([Json])
  case object([String: Json])

  public subscript(key: String) -> Json? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  public var array: [Json]? {
    guard case .array(let items) = self else { return nil }
    return items
  }

  /// A whole number without fraction or exponent, within 64 bits.
  public var integer: Int64? {
    guard case .number(let text) = self else { return nil }
    return Int64(text)
  }

  /// An array of strings only.
  public var strings: [String]? {
    guard case .array(let items) = self else { return nil }
    var strings: [String] = []
    for item in items {
      guard let text = item.string else { return nil }
      strings.append(text)
    }
    return strings
  }
}
