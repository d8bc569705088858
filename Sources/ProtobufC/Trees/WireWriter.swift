internal import CProtobufC

/// Bytes of a message, field by field.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func varint(field: UInt32, _ value: UInt64) {
    tag(field, .varint)
    varint(value)
  }

  mutating func fixed32(field: UInt32, _ value: UInt32) {
    tag(field, .fixed32)
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  mutating func fixed64(field: UInt32, _ value: UInt64) {
    tag(field, .fixed64)
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  /// A string, bytes or message.
  mutating func message(field: UInt32, _ content: [UInt8]) {
    tag(field, .length)
    varint(UInt64(content.count))
    bytes += content
  }

  mutating func unsigned(_ value: UInt64, _ field: ProtobufCFieldDescriptor) {
    switch field.type {
    case PROTOBUF_C_TYPE_FIXED32: fixed32(field: field.id, UInt32(truncatingIfNeeded: value))
    case PROTOBUF_C_TYPE_FIXED64: fixed64(field: field.id, value)
    default: varint(field: field.id, value)
    }
  }

  mutating func signed(_ value: Int64, _ field: ProtobufCFieldDescriptor) {
    switch field.type {
    case PROTOBUF_C_TYPE_SFIXED32: fixed32(field: field.id, UInt32(truncatingIfNeeded: value))
    case PROTOBUF_C_TYPE_SFIXED64: fixed64(field: field.id, UInt64(bitPattern: value))
    case PROTOBUF_C_TYPE_SINT32, PROTOBUF_C_TYPE_SINT64:
      // ZigZag.
      varint(field: field.id, UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    default: varint(field: field.id, UInt64(bitPattern: value))
    }
  }

  private mutating func tag(_ field: UInt32, _ type: WireType) {
    varint(UInt64(field) << 3 | UInt64(type.rawValue))
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
