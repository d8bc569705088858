/// Where a client finds its server: a host and a port, and what to call it in messages.
public struct RPCTarget: Sendable, Hashable {
  /// What the other end is to people, such as `approvals`; nil when the address has to do.
  public var name: String?

  /// A DNS name, an IPv4 address or an IPv6 address without brackets.
  public var host: String

  public var port: Int

  public init(name: String? = nil, host: String, port: Int) {
    self.name = name
    self.host = host
    self.port = port
  }

  /// Reads `host:port`, `1.2.3.4:port` or `[::1]:port`; nil when it is none of these.
  public init?(_ text: String, name: String? = nil) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = UInt16(text[text.index(after: colon)...]), port > 0
    else { return nil }
    var host = text[..<colon]
    if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
    } else if host.utf8.contains(UInt8(ascii: ":")) {
      return nil
    }
    let isHost = host.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "/") }
    guard !host.isEmpty, isHost else { return nil }
    self.init(name: name, host: String(host), port: Int(port))
  }

  /// `host:port`, the address in brackets when it is IPv6: the `:authority` of calls.
  public var authority: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

extension RPCTarget: CustomStringConvertible {
  /// `approvals at 127.0.0.1:7443`.
  public var description: String {
    name.map { "\($0) at \(authority)" } ?? authority
  }
}
