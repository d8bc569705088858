/// Which mail addresses may be set: `local@domain`, ASCII, as they may stand in a header and in SMTP
/// without quoting.
///
/// RFC 5321 §4.1.2 allows more (quoted local parts, address literals); nobody is reached by them who
/// is not reached without, and each is a way to smuggle something into a header.
public enum MailAddressRule {
  /// RFC 5321 §4.5.3.1: 64 octets before the `@`, 254 in all.
  public static let length = 3...254

  public static func allows(_ text: String) -> Bool {
    guard length.contains(text.utf8.count), let at = text.lastIndex(of: "@") else { return false }
    let local = text[..<at]
    let domain = text[text.index(after: at)...]
    return (1...64).contains(local.utf8.count) && isDotted(local.utf8, isAtomText)
      && isDotted(domain.utf8, isLetterDigitHyphen)
      && domain.split(separator: ".").allSatisfy { label in
        label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
      }
  }

  /// Parts that are not empty, of such characters, with dots between.
  private static func isDotted(
    _ bytes: some Collection<UInt8>, _ isAllowed: (UInt8) -> Bool
  ) -> Bool {
    bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.allSatisfy(isAllowed)
    }
  }

  private static func isLetterDigitHyphen(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-")
  }

  /// `atext` of RFC 5322 §3.2.3.
  private static func isAtomText(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
  }
}
