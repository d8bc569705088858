/// The four bytes that tell keys of one name apart.
public struct KeyID: Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4] (C2SP signed-note).
  init(name: KeyName, type: KeyType, key: VerificationKey) {
    let hash = SHA256.hash(Array(name.rawValue.utf8) + [0x0A, type.rawValue] + key.bytes)
    self.init(bigEndian: hash.bytes.prefix(4))
  }

  init(bigEndian bytes: some Collection<UInt8>) {
    rawValue = bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  var bigEndianBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> $0) } }
}

extension KeyID: CustomStringConvertible {
  /// Eight lower-case hexadecimal digits.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}
