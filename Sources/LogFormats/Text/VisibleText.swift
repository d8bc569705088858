extension Unicode.Scalar {
  /// Whether it controls the display instead of showing: C0 and C1 controls, line and paragraph
  /// separators, and what changes the direction of a text (Unicode Standard Annex #9, §2), so that a
  /// justification can look like another one.
  var isInvisibleControl: Bool {
    switch value {
    case 0x00...0x1f, 0x7f...0x9f, 0x061c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069,
      0xfeff:
      true
    default: false
    }
  }

  /// `\u202e`
  var escaped: String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension String {
  /// The text with what controls the display made visible as `\u202e`; `kept` stays as it is.
  func visible(keeping kept: Set<Unicode.Scalar> = []) -> String {
    guard unicodeScalars.contains(where: { $0.isInvisibleControl && !kept.contains($0) }) else {
      return self
    }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isInvisibleControl, !kept.contains(scalar) {
        text += scalar.escaped
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
