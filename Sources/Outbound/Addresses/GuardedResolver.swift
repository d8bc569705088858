internal import Glibc
public import NIOCore
internal import NIOPosix

/// Resolves names of destinations, and lets through only addresses that are allowed. Whoever connects
/// connects to what is returned, so that a name cannot mean something else a moment later.
public struct GuardedResolver: Sendable {
  let addressGuard: AddressGuard

  public init(addressGuard: AddressGuard) {
    self.addressGuard = addressGuard
  }

  /// At least one address, in the system's order (RFC 6724).
  ///
  /// - Parameter host: A name or an address literal, in whatever form the system reads one.
  public func addresses(of host: String, port: Int) async throws(OutboundFault) -> [SocketAddress] {
    let found: [IPAddress]
    do {
      found = try await NIOThreadPool.singleton.runIfActive { try Self.lookUp(host) }
    } catch let fault as OutboundFault {
      throw fault
    } catch {
      throw .unresolved("\(error)")
    }
    let allowed = found.filter(addressGuard.allows)
    guard !allowed.isEmpty else { throw .forbiddenAddress }
    do {
      return try allowed.map {
        try SocketAddress(packedIPAddress: ByteBuffer(bytes: $0.bytes), port: port)
      }
    } catch {
      throw .unresolved("\(error)")
    }
  }

  /// Blocks.
  private static func lookUp(_ host: String) throws(OutboundFault) -> [IPAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    guard code == 0 else { throw .unresolved(String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var next = list
    while let entry = next {
      defer { next = entry.pointee.ai_next }
      // Where `sin_addr` and `sin6_addr` lie: their members cannot be named beside NIO's own headers.
      let bytes = UnsafeRawBufferPointer(
        start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
      let address: IPAddress? =
        switch entry.pointee.ai_family {
        case AF_INET where bytes.count >= 8: IPAddress(Array(bytes[4..<8]))
        case AF_INET6 where bytes.count >= 24: IPAddress(Array(bytes[8..<24]))
        default: nil
        }
      if let address { addresses.append(address) }
    }
    return addresses
  }
}
