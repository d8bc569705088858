/// An IPv4 or IPv6 address, as its 4 or 16 bytes.
public struct IPAddress: Hashable, Sendable {
  public let bytes: [UInt8]

  /// Nil for other lengths. An IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`) is the IPv4
  /// address: the system connects to that.
  public init?(_ bytes: [UInt8]) {
    switch bytes.count {
    case 4: self.bytes = bytes
    case 16:
      let isMapped =
        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
      self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    default: return nil
    }
  }
}

/// A block of addresses: `10.0.0.0/8`, `fc00::/7`.
public struct NetworkPrefix: Hashable, Sendable {
  let bytes: [UInt8]
  let length: Int

  /// - Parameter bytes: 4 or 16; what lies behind `length` bits must be zero.
  public init?(_ bytes: [UInt8], _ length: Int) {
    guard bytes.count == 4 || bytes.count == 16, (0...bytes.count * 8).contains(length) else {
      return nil
    }
    self.bytes = bytes
    self.length = length
    guard (length..<bytes.count * 8).allSatisfy({ bytes[$0 / 8] & (0x80 >> ($0 % 8)) == 0 }) else {
      return nil
    }
  }

  public func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == bytes.count else { return false }
    let whole = length / 8
    guard address.bytes.prefix(whole).elementsEqual(bytes.prefix(whole)) else { return false }
    let rest = length % 8
    guard rest > 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xff00 >> rest)
    return address.bytes[whole] & mask == bytes[whole]
  }
}
