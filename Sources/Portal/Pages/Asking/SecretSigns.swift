/// Signs of what must not stand in a request: the log keeps it for years, and both sides read it.
enum SecretSigns {
  /// A key, a token, or a password with what it is.
  static func hasSecret(_ text: String, words: [String]) -> Bool {
    if text.contains("-----BEGIN") || text.contains("PRIVATE KEY") { return true }
    if hasPassword(text) { return true }
    return text.split(whereSeparator: { $0.isWhitespace || "\"'<>,;()".contains($0) })
      .contains { isToken($0) }
  }

  /// An address, a bank account or a card that is not part of what is asked for.
  static func hasPersonalData(_ text: String, besides resources: [String]) -> Bool {
    let asked = resources.joined(separator: " ").lowercased()
    let pieces = text.split(whereSeparator: { $0.isWhitespace || "\"'<>,;()".contains($0) })
    if pieces.contains(where: { isAddress($0) && !asked.contains(bare($0)) }) { return true }
    return isCardNumber(in: text) || pieces.contains { isAccountNumber($0) }
  }

  /// `password: x`, `Passwort = x`, `api_key=x`.
  private static func hasPassword(_ text: String) -> Bool {
    let names = [
      "password", "passwort", "kennwort", "passphrase", "secret", "api key", "api_key",
      "apikey", "access key", "token",
    ]
    let lower = text.lowercased()
    return names.contains { name in
      lower.ranges(of: name).contains { range in
        let rest = lower[range.upperBound...].drop { $0 == " " }
        guard let sign = rest.first, sign == ":" || sign == "=" else { return false }
        return !rest.dropFirst().trimmed.isEmpty
      }
    }
  }

  /// Long, in one piece, with letters and digits mixed: a hash, a key, a JWT. UUIDs and paths are
  /// names of things.
  private static func isToken(_ piece: Substring) -> Bool {
    if piece.hasPrefix("eyJ") && piece.contains(".") && piece.utf8.count > 40 { return true }
    if piece.hasPrefix("AKIA") && piece.utf8.count == 20 { return true }
    guard piece.utf8.count >= 32, !piece.contains("/"), !piece.contains("@") else { return false }
    let isCoded = piece.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
    }
    return isCoded && piece.contains(where: \.isNumber) && piece.contains(where: \.isLetter)
  }

  /// With a slash it is the name of a resource.
  private static func isAddress(_ piece: Substring) -> Bool {
    let parts = bare(piece).split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !piece.contains("/")
  }

  private static func bare(_ piece: Substring) -> String {
    piece.lowercased().trimmed.trimming { ".:!?".contains($0) }
  }

  /// 13 to 19 digits, in groups or not, that end in Luhn's check digit (ISO/IEC 7812-1).
  private static func isCardNumber(in text: String) -> Bool {
    var digits: [Int] = []
    var isFound = false
    func end() {
      isFound = isFound || ((13...19).contains(digits.count) && luhn(digits))
      digits = []
    }
    for character in text {
      if let digit = character.wholeNumberValue, character.isASCII {
        digits.append(digit)
      } else if character != " " && character != "-" {
        end()
      }
    }
    end()
    return isFound
  }

  private static func luhn(_ digits: [Int]) -> Bool {
    let sum = digits.reversed().enumerated().reduce(0) { sum, next in
      let doubled = next.offset % 2 == 1 ? next.element * 2 : next.element
      return sum + (doubled > 9 ? doubled - 9 : doubled)
    }
    return sum % 10 == 0 && Set(digits).count > 1
  }

  /// ISO 13616: two letters, two digits, 11 to 30 more; the remainder modulo 97 is 1.
  private static func isAccountNumber(_ piece: Substring) -> Bool {
    let text = bare(piece).uppercased()
    guard (15...34).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }),
      text.prefix(2).allSatisfy(\.isLetter), text.dropFirst(2).prefix(2).allSatisfy(\.isNumber)
    else { return false }
    let rest = (text.dropFirst(4) + text.prefix(4)).utf8.reduce(0) { rest, byte in
      let value = byte >= 0x41 ? Int(byte) - 0x41 + 10 : Int(byte) - 0x30
      return (rest * (value > 9 ? 100 : 10) + value) % 97
    }
    return rest == 1
  }
}

extension String {
  /// Without what fits at either end.
  fileprivate func trimming(_ fits: (Character) -> Bool) -> String {
    var rest = self[...]
    while let first = rest.first, fits(first) { rest.removeFirst() }
    while let last = rest.last, fits(last) { rest.removeLast() }
    return String(rest)
  }
}
