/// Makes what a server or a file says safe for a terminal.
public enum Printable {
  /// One line: control characters (terminals obey them) and the bidirectional and invisible ones
  /// (they make text read other than it is, Unicode TR36 §3.1) become `\u{…}`.
  public static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHostile) else { return text }
    var output = ""
    for scalar in text.unicodeScalars {
      if isHostile(scalar) {
        output += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// Several lines: as `line`, each for itself; a tab is a space.
  public static func lines(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map { line(String($0).replacing("\t", with: " ")) }
  }

  private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber,
      .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol, .spaceSeparator:
      false
    @unknown default: true
    }
  }
}
