/// How a field's value is laid out on the wire (protobuf encoding, "Message Structure").
enum WireType: UInt8 {
  case varint = 0
  case fixed64 = 1
  case length = 2
  case groupStart = 3
  case groupEnd = 4
  case fixed32 = 5
}

/// Reads the wire format without ever passing its end.
struct WireReader {
  /// Borrowed from the caller, who keeps the bytes alive.
  private(set) var cursor: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>

  init(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    cursor = start
    self.end = end
  }

  var isAtEnd: Bool { cursor == end }

  /// A field's number and wire type. Groups are refused here: nothing has them.
  mutating func tag() throws(DecodingError) -> (number: UInt32, wireType: WireType) {
    let tag = try varint32()
    guard tag >> 3 != 0 else { throw DecodingError(reason: .invalidFieldNumber) }
    guard let wireType = WireType(rawValue: UInt8(tag & 7)) else {
      throw DecodingError(reason: .wrongWireType)
    }
    if wireType == .groupStart || wireType == .groupEnd { throw DecodingError(reason: .group) }
    return (tag >> 3, wireType)
  }

  /// A varint of at most 10 bytes that fits in 64 bits.
  @inline(__always)
  mutating func varint() throws(DecodingError) -> UInt64 {
    if cursor != end, cursor.pointee < 0x80 {
      defer { cursor += 1 }
      return UInt64(cursor.pointee)
    }
    return try longVarint(maximumBytes: 10, lastByte: 0x01)
  }

  /// A varint of at most 5 bytes that fits in 32 bits: a tag or a length.
  @inline(__always)
  mutating func varint32() throws(DecodingError) -> UInt32 {
    if cursor != end, cursor.pointee < 0x80 {
      defer { cursor += 1 }
      return UInt32(cursor.pointee)
    }
    return UInt32(truncatingIfNeeded: try longVarint(maximumBytes: 5, lastByte: 0x0F))
  }

  private mutating func longVarint(
    maximumBytes: Int, lastByte: UInt8
  ) throws(DecodingError) -> UInt64 {
    var value: UInt64 = 0
    for position in 0..<maximumBytes {
      guard cursor != end else { throw DecodingError(reason: .truncated) }
      let byte = cursor.pointee
      if position == maximumBytes - 1, byte > lastByte {
        throw DecodingError(reason: .overlongVarint)
      }
      cursor += 1
      value |= UInt64(byte & 0x7F) << UInt64(7 * position)
      if byte < 0x80 { break }
    }
    return value
  }

  /// The bytes of a length-prefixed value.
  @inline(__always)
  mutating func lengthPrefixed() throws(DecodingError) -> UnsafeRawBufferPointer {
    let count = Int(try varint32())
    let start = cursor
    try skip(count)
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  @inline(__always)
  mutating func skip(_ count: Int) throws(DecodingError) {
    guard count <= end - cursor else { throw DecodingError(reason: .truncated) }
    cursor += count
  }

  mutating func skipValue(_ wireType: WireType) throws(DecodingError) {
    switch wireType {
    case .varint: _ = try varint()
    case .fixed64: try skip(8)
    case .fixed32: try skip(4)
    case .length: _ = try lengthPrefixed()
    case .groupStart, .groupEnd: throw DecodingError(reason: .group)
    }
  }
}
