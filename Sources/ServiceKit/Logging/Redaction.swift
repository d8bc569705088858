/// The second wall: what the typed fields keep out of a log, other modules could still write.
enum Redaction {
  /// Fields that hold a secret or what a person wrote, whatever their value.
  static let keys: Set<String> = [
    "authorization", "access_token", "token", "bearer", "jwt", "justification", "comment",
    "ticket", "password", "secret", "key", "private_key", "cookie",
  ]

  static let mark = "[redacted]"

  /// Longer values are cut: a log line is no place for a message's content.
  static let longestValue = 512

  static func value(_ value: String, of key: String) -> String {
    if keys.contains(key.lowercased()) || holdsToken(value) { return mark }
    guard value.utf8.count > longestValue else { return value }
    return String(value.prefix(longestValue)) + "…"
  }

  /// Whether there is something like a JWS in it: three base64url parts, the first beginning as
  /// `{"` does.
  static func holdsToken(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    while let start = rest.firstRange(of: "eyJ".utf8) {
      let token = rest[start.lowerBound...].prefix { byte in
        isBase64URL(byte) || byte == UInt8(ascii: ".")
      }
      if token.count(where: { $0 == UInt8(ascii: ".") }) >= 2 { return true }
      rest = rest[start.upperBound...]
    }
    return false
  }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
