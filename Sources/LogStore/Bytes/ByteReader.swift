internal import MerkleLog

/// Takes bytes apart. Reading beyond the end gives nil, and nil ever after.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int

  /// - Parameter bytes: must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  var rest: Int { bytes.count - offset }
  var isAtEnd: Bool { rest == 0 }

  @inline(__always)
  mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
    guard rest >= MemoryLayout<T>.size else { return nil }
    defer { offset += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  mutating func key() -> Key128? {
    guard rest >= Key128.byteCount, let high = integer(UInt64.self), let low = integer(UInt64.self)
    else { return nil }
    return Key128(high: high.byteSwapped, low: low.byteSwapped)
  }

  mutating func hash() -> Hash? { take(Hash.byteCount).flatMap { Hash(copying: $0) } }

  mutating func shortText() -> String? {
    guard let count = integer(UInt8.self), let text = take(Int(count)) else { return nil }
    return String(validating: text, as: UTF8.self)
  }

  /// The next bytes in place.
  mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, rest >= count else { return nil }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
  }

  mutating func skip(_ count: Int) -> Bool { take(count) != nil }
}
