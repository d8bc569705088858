/// A UUID of version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then randomness, so that
/// keys sort by time.
public struct UUIDv7: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  /// Makes a new one. Two of the same millisecond sort by chance.
  public init(at moment: Timestamp, using generator: inout some RandomNumberGenerator) {
    let milliseconds = Self.milliseconds(moment)
    let random = UInt64.random(in: 0...0xFFF, using: &generator)
    high = milliseconds << 16 | 0x7000 | random
    low = UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF, using: &generator) | 0x8000_0000_0000_0000
  }

  /// The least of the moment's millisecond.
  public init(leastAt moment: Timestamp) {
    high = Self.milliseconds(moment) << 16 | 0x7000
    low = 0x8000_0000_0000_0000
  }

  /// When it was made, to the millisecond.
  public var time: Timestamp {
    let (seconds, milliseconds) = Int64(high >> 16).quotientAndRemainder(dividingBy: 1_000)
    return Timestamp(seconds: seconds, nanos: Int32(milliseconds) * 1_000_000) ?? .distantFuture
  }

  private static func milliseconds(_ moment: Timestamp) -> UInt64 {
    UInt64(max(0, moment.nanoseconds / 1_000_000)) & 0xFFFF_FFFF_FFFF
  }

  /// From its two halves; nil when they are of another version or variant.
  public init?(high: UInt64, low: UInt64) {
    guard high >> 12 & 0xF == 7, low >> 62 == 0b10 else { return nil }
    self.high = high
    self.low = low
  }

  /// Reads the 36-character lower-case form; nil for anything else, other versions included.
  public init?(_ text: String) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var digits = 0
    guard text.utf8.count == 36 else { return nil }
    for (position, byte) in text.utf8.enumerated() {
      if [8, 13, 18, 23].contains(position) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let nibble: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      if digits < 16 { high = high << 4 | UInt64(nibble) } else { low = low << 4 | UInt64(nibble) }
      digits += 1
    }
    self.init(high: high, low: low)
  }

  public static func < (left: UUIDv7, right: UUIDv7) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  public var description: String {
    let hex = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 36) { text in
      var position = 0
      for digit in 0..<32 {
        if [8, 12, 16, 20].contains(digit) {
          text[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = digit < 16 ? high : low
        text[position] = hex[Int(word >> UInt64(60 - digit % 16 * 4) & 0xF)]
        position += 1
      }
      return 36
    }
  }
}
