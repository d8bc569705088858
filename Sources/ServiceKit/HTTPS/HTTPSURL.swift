/// An `https` URL that can be fetched: no other scheme, nobody's name and password, no fragment.
public struct HTTPSURL: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  public let port: Int
  /// What the request line names: path and query.
  public let target: String
  public let description: String

  public static let longest = 1024

  public init?(_ text: String) {
    let scheme = "https://"
    guard text.utf8.count <= Self.longest, text.hasPrefix(scheme),
      text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }),
      !text.contains("#")
    else { return nil }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let target = rest.dropFirst(authority.count)
    guard let (host, port) = Self.split(authority) else { return nil }
    self.host = host
    self.port = port
    self.target = target.hasPrefix("/") ? String(target) : "/" + target
    description = text
  }

  /// The address of a well-known document of an issuer (OpenID Connect Discovery 1.0 §4): its URL,
  /// without a slash at the end, and the document's path.
  public init?(wellKnown document: String, of issuer: String) {
    guard !issuer.contains("?") else { return nil }
    let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    self.init("\(base)/.well-known/\(document)")
  }

  /// For the `host` field.
  public var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == 443 ? name : "\(name):\(port)"
  }

  private static func split(_ authority: Substring) -> (host: String, port: Int)? {
    let host: Substring
    let after: Substring
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
      after = authority[authority.index(after: end)...]
      guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
    } else {
      host = authority.prefix { $0 != ":" }
      after = authority[host.endIndex...]
      guard
        host.utf8.allSatisfy({
          (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20)
            || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        })
      else { return nil }
    }
    guard !host.isEmpty, !host.hasSuffix(".") else { return nil }
    if after.isEmpty { return (String(host), 443) }
    let digits = after.dropFirst()
    guard after.hasPrefix(":"), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = Int(digits), (1...65_535).contains(port)
    else { return nil }
    return (String(host), port)
  }
}
