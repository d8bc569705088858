/// Text of others on a page.
public enum HTMLText {
  /// Nothing of it is markup, and nothing of it hides or turns around: see `Printable`.
  public static func line(_ text: String) -> String {
    var output = ""
    for scalar in Printable.line(text).unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// Several lines, parted by `<br>`.
  public static func lines(_ text: String) -> String {
    Printable.lines(text).map(line).joined(separator: "<br>")
  }
}
