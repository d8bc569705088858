/// Checks of string bytes, eight at a time as long as they are ASCII.
enum UTF8Check {
  enum Fault {
    case nul
    case invalid
  }

  private static let lowBits: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// The first fault of the bytes as a protobuf string: U+0000, or not well-formed UTF-8 (Unicode
  /// 15.0 §3.9, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF).
  static func fault(in bytes: UnsafeRawBufferPointer) -> Fault? {
    if bytes.count >= 8, isPlain(bytes) { return nil }
    var index = 0
    while index < bytes.count {
      if index + 8 <= bytes.count, mark(bytes, index) & highBits == 0 {
        index += 8
        continue
      }
      let byte = bytes[index]
      if byte == 0 { return .nul }
      guard let length = sequenceLength(in: bytes, at: index, first: byte) else { return .invalid }
      index += length
    }
    return nil
  }

  /// Whether all bytes, eight at least, are ASCII without NUL: the usual string, looked at quickly.
  private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let last = bytes.count - 8
    var index = 0
    var marks: UInt64 = 0
    while index < last {
      marks |= mark(bytes, index)
      index += 8
    }
    // May look at a few bytes again.
    return (marks | mark(bytes, last)) & highBits == 0
  }

  /// No high bit is set exactly when all eight bytes from `index` on are 0x01...0x7F.
  @inline(__always)
  private static func mark(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
    let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    return word | (word &- lowBits)
  }

  static func containsNUL(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      // May be true without a NUL (0x80 after a borrow); the bytes decide then.
      if (word &- lowBits) & ~word & highBits != 0, bytes[index..<index + 8].contains(0) {
        return true
      }
      index += 8
    }
    return bytes[index...].contains(0)
  }

  /// The length of the well-formed sequence that begins at `index`; nil when it is none.
  private static func sequenceLength(
    in bytes: UnsafeRawBufferPointer, at index: Int, first: UInt8
  ) -> Int? {
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard index + length <= bytes.count, second ~= bytes[index + 1] else { return nil }
    for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 {
      return nil
    }
    return length
  }
}
