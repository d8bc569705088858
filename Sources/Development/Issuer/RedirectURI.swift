/// Where a client takes people back after they signed in: https, on this machine, without a fragment.
struct RedirectURI: Hashable, Sendable {
  let text: String
  /// Scheme, host and port.
  let origin: String

  init?(_ text: String) {
    let scheme = "https://"
    guard text.hasPrefix(scheme), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      !text.contains("#"), !text.contains("\""), !text.contains(";"), !text.contains("'")
    else { return nil }
    let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
    let name = ["localhost", "127.0.0.1", "[::1]"].first { authority.hasPrefix($0) }
    guard let port = name.map({ authority.dropFirst($0.count) }),
      port.isEmpty || port.hasPrefix(":") && port.dropFirst().allSatisfy(\.isNumber)
    else { return nil }
    self.text = text
    origin = scheme + authority
  }

  /// Where `{issuer}` may stand for the issuer's name, since clients tell issuers apart by where people
  /// come back.
  struct Template: Hashable, Sendable {
    let text: String

    init?(_ text: String) {
      self.text = text
      guard uri(of: "issuer") != nil else { return nil }
    }

    func uri(of issuer: String) -> RedirectURI? {
      RedirectURI(text.replacing("{issuer}", with: issuer))
    }
  }

  /// The address to send the browser to.
  ///
  /// - Parameter answer: the parameters of the answer (RFC 6749 §4.1.2).
  func with(_ answer: [(name: String, value: String)]) -> String {
    let query = answer.map { "\($0.name)=\(Self.encode($0.value))" }.joined(separator: "&")
    return text + (text.contains("?") ? "&" : "?") + query
  }

  /// RFC 3986 §2.1: all but the unreserved characters.
  private static func encode(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { output, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        output.unicodeScalars.append(Unicode.Scalar(byte))
      default: output += "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
      }
    }
  }
}
