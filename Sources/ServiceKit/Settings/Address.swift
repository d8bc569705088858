/// An IP address and a port to bind or to connect to, or a host name to connect to.
public struct Address: Hashable, Sendable, CustomStringConvertible {
  /// IPv6 without brackets.
  public let host: String
  /// 0 lets the system choose when binding.
  public let port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:7401`, `[::1]:7401`, `localhost:7401`.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = Int(digits), port <= 65_535
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    let allowed = host.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
    }
    guard !host.isEmpty, allowed else { return nil }
    self.init(host: String(host), port: port)
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Only processes of this machine reach it.
  public var isLoopback: Bool {
    host == "::1" || host == "localhost" || host.hasPrefix("127.")
  }
}

extension Setting where Value == Address {
  public static func address(
    _ key: String, default fallback: Address? = nil
  ) -> Setting {
    Setting(key, "an address such as 127.0.0.1:7401", default: fallback) { Address($0.text) }
  }
}
