/// Why bytes are not the JSON that we accept.
public struct JsonError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// A strict JSON reader for what comes from outside: tokens and key sets.
///
/// Stricter than RFC 8259 demands: a member name twice is refused (two readers could disagree on
/// which one counts), lone surrogates and NUL are refused, nesting is limited, nothing may follow.
public struct JsonParser {
  private let bytes: [UInt8]
  private var position = 0
  private static let deepest = 16

  /// Parses a whole text.
  public static func parse(_ bytes: [UInt8]) throws(JsonError) -> Json {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw fault("not UTF-8") }
    var parser = JsonParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw fault("something follows the value") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private static func fault(_ text: String) -> JsonError { JsonError(description: text) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(JsonError) {
    guard take(byte) else { throw Self.fault("malformed at byte \(position)") }
  }

  private mutating func value(depth: Int) throws(JsonError) -> Json {
    guard depth <= Self.deepest else { throw Self.fault("nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: StaticString, _ value: Json) throws(JsonError) -> Json {
    for byte in "\(text)".utf8 { try expect(byte) }
    return value
  }

  private mutating func object(depth: Int) throws(JsonError) -> Json {
    try expect(UInt8(ascii: "{"))
    var members: [String: Json] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      let name = try string()
      skipSpace()
      try expect(UInt8(ascii: ":"))
      let value = try value(depth: depth + 1)
      guard members.updateValue(value, forKey: name) == nil else {
        throw Self.fault("a member name stands twice")
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func array(depth: Int) throws(JsonError) -> Json {
    try expect(UInt8(ascii: "["))
    var items: [Json] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(items) }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(items) }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func number() throws(JsonError) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    guard position - start <= 32 else { throw Self.fault("a number is too long") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JsonError) {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw Self.fault("malformed at byte \(position)") }
  }

  private mutating func string() throws(JsonError) -> String {
    try expect(UInt8(ascii: "\""))
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: try escape().utf8)
      case 0..<0x20:
        throw Self.fault("a control character in a string")
      default:
        text.append(byte)
      }
    }
    throw Self.fault("a string without end")
  }

  private mutating func escape() throws(JsonError) -> Substring {
    guard let byte = next else { throw Self.fault("a string without end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Substring(String(Character(try unicodeEscape())))
    default: throw Self.fault("an unknown escape")
    }
  }

  private mutating func unicodeEscape() throws(JsonError) -> Unicode.Scalar {
    let first = try hexadecimal()
    var value = first
    if (0xd800...0xdbff).contains(first) {
      try expect(UInt8(ascii: "\\"))
      try expect(UInt8(ascii: "u"))
      let second = try hexadecimal()
      guard (0xdc00...0xdfff).contains(second) else { throw Self.fault("a lone surrogate") }
      value = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
    }
    guard value != 0, let scalar = Unicode.Scalar(value) else {
      throw Self.fault("a lone surrogate or NUL")
    }
    return scalar
  }

  private mutating func hexadecimal() throws(JsonError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw Self.fault("a malformed escape")
      }
      position += 1
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
