internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The addresses of a target.
enum AddressResolver {
  /// The address itself when the host is one; nil for a name.
  static func literal(_ target: RPCTarget) -> SocketAddress? {
    try? SocketAddress(ipAddress: target.host, port: target.port)
  }

  /// Asks the system's resolver on a thread of its own: getaddrinfo blocks.
  static func resolve(
    _ target: RPCTarget, on loop: any EventLoop
  ) -> EventLoopFuture<[SocketAddress]> {
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try lookUp(target) }
  }

  private static func lookUp(_ target: RPCTarget) throws -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    let result = getaddrinfo(target.host, String(target.port), &hints, &list)
    // Owned: freed below, after the addresses have been copied.
    defer { if let list { freeaddrinfo(list) } }
    guard result == 0 else {
      throw ConnectFailure.unresolved(String(cString: gai_strerror(result)).lowercased())
    }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      if let address = SocketAddress(entry, host: target.host), !addresses.contains(address) {
        addresses.append(address)
      }
      next = entry.ai_next
    }
    guard !addresses.isEmpty else { throw ConnectFailure.unresolved("no address") }
    return addresses
  }
}

extension SocketAddress {
  fileprivate init?(_ entry: addrinfo, host: String) {
    guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
    switch entry.ai_family {
    case AF_INET: self.init(raw.loadUnaligned(as: sockaddr_in.self), host: host)
    case AF_INET6: self.init(raw.loadUnaligned(as: sockaddr_in6.self), host: host)
    default: return nil
    }
  }
}
