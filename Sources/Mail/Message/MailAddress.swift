/// A mailbox: an address, and whose it is in words.
///
/// Addresses are ASCII: a domain with other letters is written in its A-labels (`xn--…`), and mailboxes
/// of SMTPUTF8 (RFC 6531) and quoted ones (`"a b"@example.com`) are none of ours.
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
  /// `local@domain`.
  public let address: String
  /// What mail programs show beside it; empty: nothing.
  public let name: String

  /// RFC 5321 §4.5.3.1.
  static let longestLocal = 64
  static let longest = 254

  /// - Returns: nil for what is no address. A name loses its control characters.
  public init?(_ address: String, name: String = "") {
    guard address.utf8.count <= Self.longest, let at = address.lastIndex(of: "@") else {
      return nil
    }
    let local = address[..<at]
    guard local.utf8.count <= Self.longestLocal, MailSyntax.isDotAtom(local),
      MailSyntax.isDomain(address[address.index(after: at)...])
    else { return nil }
    self.address = address
    self.name = name
  }

  public var domain: Substring { address[address.index(after: local.endIndex)...] }

  public var description: String { address }

  private var local: Substring { address.prefix { $0 != "@" } }
}

/// What RFC 5322 and RFC 5321 let names be made of.
enum MailSyntax {
  /// `dot-atom-text` (RFC 5322 §3.2.3).
  static func isDotAtom(_ text: some StringProtocol) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
      !atom.isEmpty && atom.utf8.allSatisfy(isAtomText)
    }
  }

  /// Labels of letters, digits and hyphens (RFC 5321 §4.1.2), at least one.
  static func isDomain(_ text: some StringProtocol) -> Bool {
    guard text.utf8.count <= 253 else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
  }

  private static func isAtomText(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
  }
}
