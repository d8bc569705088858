internal import ProtobufC
internal import Words

/// Trees as YAML that any YAML parser reads back as it was.
enum YamlText {
  /// The lines of a mapping, one field after the other.
  static func lines(_ tree: ValueTree) -> [String] {
    guard case .mapping(let members) = tree.content else { return [flow(tree)] }
    return members.flatMap { member in lines(member.value, after: scalar(member.name) + ":") }
  }

  private static func lines(_ value: ValueTree, after key: String) -> [String] {
    switch value.content {
    case .mapping(let members) where !members.isEmpty:
      return [key] + lines(value).map { "  " + $0 }
    case .list(let elements) where !elements.allSatisfy(\.isScalar):
      return [key]
        + elements.flatMap { element in
          lines(element).enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        }
    case .null, .scalar, .list, .mapping: return ["\(key) \(flow(value))"]
    }
  }

  /// On one line.
  static func flow(_ tree: ValueTree) -> String {
    switch tree.content {
    case .null: "null"
    case .scalar(let text, isText: true): scalar(text)
    case .scalar(let text, isText: false): text
    case .list(let elements): "[\(elements.map(flow).joined(separator: ", "))]"
    case .mapping(let members):
      "{\(members.map { "\(scalar($0.name)): \(flow($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// In quotes wherever a parser could take it for something else.
  private static func scalar(_ text: String) -> String {
    isPlain(text) || TimeSpan(parsing: text) != nil ? text : quoted(text)
  }

  private static let reserved: Set = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first), text.utf8.last != UInt8(ascii: " "),
      !reserved.contains(text.lowercased())
    else { return false }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (0x30...0x39).contains(byte) || " _./@+-".utf8.contains(byte)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      default:
        if isPrintable(scalar) {
          output.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16)
          output += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
        }
      }
    }
    return output + "\""
  }

  /// Line separators too break lines in YAML 1.1, and byte order marks are dropped.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      Printable.line(String(scalar)) == String(scalar)
    default: false
    }
  }
}

extension ValueTree {
  var isScalar: Bool {
    switch content {
    case .null, .scalar: true
    case .list, .mapping: false
    }
  }
}
