extension String {
  /// Appends a string literal of JSON (RFC 8259 §7), quotes included.
  ///
  /// Control characters are escaped, those of ISO 8859-1 too: some terminals obey them.
  ///
  /// - Parameter isEscaped: what else is, of the first 65,536 characters of Unicode.
  public mutating func appendJSON(
    _ text: String, escaping isEscaped: (Unicode.Scalar) -> Bool = { _ in false }
  ) {
    self += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": self += "\\\""
      case "\\": self += "\\\\"
      case "\n": self += "\\n"
      case "\r": self += "\\r"
      case "\t": self += "\\t"
      default:
        if scalar.isControl || isEscaped(scalar) {
          let digits = String(scalar.value, radix: 16)
          self += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
          unicodeScalars.append(scalar)
        }
      }
    }
    self += "\""
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { value < 0x20 || (0x7f...0x9f).contains(value) }
}
