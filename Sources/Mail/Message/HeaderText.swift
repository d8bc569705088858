internal import ProtobufC

/// Free text within a header: as it is where that is safe, otherwise as encoded words (RFC 2047).
enum HeaderText {
  /// Of a line with the field's name; what is longer is encoded, which also folds it.
  private static let longestPlain = 60
  /// Base64 makes 52 characters of it; with what is around and the field's name, a line below 76.
  private static let encodedWordBytes = 39

  /// An unstructured field's value, such as the subject's, with folds and without a line's end at the
  /// end.
  static func unstructured(_ text: String) -> String {
    let clean = withoutControls(text)
    return isPlain(clean) ? clean : encoded(clean)
  }

  /// A mailbox as `From` and `To` have it.
  static func mailbox(_ mailbox: MailAddress) -> String {
    let name = withoutControls(mailbox.name)
    guard name.contains(where: { $0 != " " }) else { return mailbox.address }
    return "\(isPlain(name) ? quoted(name) : encoded(name))\r\n <\(mailbox.address)>"
  }

  /// Whatever begins or ends a line becomes a space.
  private static func withoutControls(_ text: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl =
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        || (0x2028...0x2029).contains(scalar.value)
      clean.append(isControl ? " " : scalar)
    }
    return String(clean)
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.count <= longestPlain && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
      && !text.contains("=?") && !text.hasPrefix(" ") && !text.hasSuffix(" ")
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for character in text {
      if character == "\"" || character == "\\" { output += "\\" }
      output.append(character)
    }
    return output + "\""
  }

  /// Encoded words, each of whole characters, on lines of their own.
  private static func encoded(_ text: String) -> String {
    var words: [String] = []
    var bytes: [UInt8] = []
    func end() {
      words.append("=?UTF-8?B?\(Base64.encode(bytes))?=")
      bytes = []
    }
    for scalar in text.unicodeScalars {
      let added = Array(String(scalar).utf8)
      if bytes.count + added.count > encodedWordBytes { end() }
      bytes += added
    }
    if !bytes.isEmpty { end() }
    return words.joined(separator: "\r\n ")
  }
}
