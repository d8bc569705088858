/// Which addresses tenants' destinations may lie at. What a tenant names must not reach what only
/// this machine reaches: neighbours, metadata services, ourselves.
public struct AddressGuard: Hashable, Sendable {
  /// Private networks that the operator lets destinations lie in, for instance of a collector.
  let allowed: [NetworkPrefix]

  public init(allowed: [NetworkPrefix] = []) {
    self.allowed = allowed
  }

  /// Lets everything through: for development.
  public static let everything = AddressGuard(
    allowed: [prefix([], 0, width: 4), prefix([], 0, width: 16)])

  public func allows(_ address: IPAddress) -> Bool {
    if allowed.contains(where: { $0.contains(address) }) { return true }
    return address.bytes.count == 4
      ? !Self.specialIPv4.contains { $0.contains(address) }
      : Self.globalIPv6.contains(address) && !Self.specialIPv6.contains { $0.contains(address) }
  }

  /// IANA IPv4 Special-Purpose Address Registry (RFC 6890 and what amended it), multicast and the
  /// reserved rest: none of them is a neighbour's server on the Internet.
  private static let specialIPv4 = prefixes([
    ([0, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([100, 64, 0, 0], 10), ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16), ([172, 16, 0, 0], 12), ([192, 0, 0, 0], 24), ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24), ([192, 52, 193, 0], 24), ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16), ([192, 175, 48, 0], 24), ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24), ([203, 0, 113, 0], 24), ([224, 0, 0, 0], 4), ([240, 0, 0, 0], 4),
  ])

  /// Global unicast (RFC 4291 §2.4): loopback, link-local, unique local, mapped and NAT64 addresses
  /// lie outside.
  private static let globalIPv6 = prefix([0x20], 3)

  /// Within it: protocol assignments with Teredo, documentation, 6to4, which carries any IPv4
  /// address, and the second documentation block (RFC 9637).
  private static let specialIPv6 = [
    prefix([0x20, 0x01], 23), prefix([0x20, 0x01, 0x0d, 0xb8], 32), prefix([0x20, 0x02], 16),
    prefix([0x3f, 0xff], 20),
  ]

  private static func prefixes(_ list: [([UInt8], Int)]) -> [NetworkPrefix] {
    list.map { prefix($0.0, $0.1, width: 4) }
  }

  private static func prefix(_ bytes: [UInt8], _ length: Int, width: Int = 16) -> NetworkPrefix {
    let padded = bytes + [UInt8](repeating: 0, count: width - bytes.count)
    guard let prefix = NetworkPrefix(padded, length) else {
      preconditionFailure("a prefix of ours that is none")
    }
    return prefix
  }
}
