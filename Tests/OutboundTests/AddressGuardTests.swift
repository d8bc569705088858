internal import NIOCore
internal import Outbound
internal import Testing

@Suite struct AddressGuardTests {
  private static let open = AddressGuard()

  @Test(arguments: [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "255.255.255.255",
  ])
  func `An address that is not the Internet's is refused`(_ text: String) throws {
    #expect(!Self.open.allows(try Self.ipv4(text)))
    // However it is written.
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + (try Self.ipv4(text)).bytes
    #expect(!Self.open.allows(try #require(IPAddress(mapped))))
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.1.0.1", "223.255.255.1",
  ])
  func `A neighbour on the Internet is allowed`(_ text: String) throws {
    #expect(Self.open.allows(try Self.ipv4(text)))
  }

  @Test func `Of IPv6 only global unicast is allowed, and nothing that hides another address`()
    throws
  {
    let refused: [[UInt8]] = [
      [], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],  // :: and ::1
      [0xfe, 0x80], [0xfc], [0xfd, 0x12], [0xff, 0x02],  // link-local, unique local, multicast
      [0x00, 0x64, 0xff, 0x9b],  // NAT64
      [0x20, 0x01, 0x00, 0x00], [0x20, 0x01, 0x0d, 0xb8], [0x20, 0x02, 0x7f, 0x00, 0x00, 0x01],
      [0x3f, 0xff],
    ]
    for bytes in refused { #expect(!Self.open.allows(try Self.ipv6(bytes)), "\(bytes)") }
    for bytes: [UInt8] in [[0x26, 0x06, 0x47], [0x2a, 0x00], [0x20, 0x01, 0x48, 0x60]] {
      #expect(Self.open.allows(try Self.ipv6(bytes)), "\(bytes)")
    }
  }

  @Test func `The operator may let single networks in, and no others`() throws {
    let collectors = AddressGuard(allowed: [try #require(NetworkPrefix([10, 1, 0, 0], 16))])
    #expect(collectors.allows(try Self.ipv4("10.1.255.7")))
    #expect(!collectors.allows(try Self.ipv4("10.2.0.1")))
    #expect(!collectors.allows(try Self.ipv4("127.0.0.1")))
    #expect(NetworkPrefix([10, 1, 0, 1], 16) == nil)
    #expect(NetworkPrefix([10, 0, 0, 0], 33) == nil)
  }

  @Test(arguments: [
    "127.0.0.1", "0x7f.1", "2130706433", "017700000001", "::1", "::ffff:127.0.0.1", "localhost",
  ])
  func `A name that leads to ourselves is refused, however it is written`(_ host: String) async {
    await #expect(throws: OutboundFault.self) {
      try await GuardedResolver(addressGuard: Self.open).addresses(of: host, port: 443)
    }
  }

  @Test func `What is resolved is what is connected to`() async throws {
    let loopback = AddressGuard(allowed: [try #require(NetworkPrefix([127, 0, 0, 0], 8))])
    let found = try await GuardedResolver(addressGuard: loopback).addresses(
      of: "127.0.0.1", port: 7443)
    #expect(found.map(\.ipAddress) == ["127.0.0.1"])
    #expect(found.map(\.port) == [7443])
  }

  private static func ipv4(_ text: String) throws -> IPAddress {
    try #require(IPAddress(text.split(separator: ".").compactMap { UInt8($0) }))
  }

  private static func ipv6(_ head: [UInt8]) throws -> IPAddress {
    try #require(IPAddress(head + [UInt8](repeating: 0, count: 16 - head.count)))
  }
}
