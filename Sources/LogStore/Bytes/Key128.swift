/// Sixteen bytes by which an entry is found, such as a UUID; ordered as its bytes are.
public struct Key128: Hashable, Sendable {
  /// The first eight bytes, the first of them highest.
  public let high: UInt64
  public let low: UInt64

  public static let byteCount = 16

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Nil unless there are 16 bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension Key128: Comparable {
  public static func < (a: Key128, b: Key128) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension Key128: CustomStringConvertible {
  /// 32 lower-case hexadecimal digits.
  public var description: String {
    [high, low].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }
}
