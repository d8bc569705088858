internal import CLockboxProto
internal import CStandardProto
internal import ProtobufC
internal import StandardProto

/// A message of any type, as its bytes in wire format.
///
/// To protobuf-c it is an empty message with one unknown field: unknown fields are written as they
/// came. What an answer holds is not looked at.
struct RawMessage: Message {
  let bytes: [UInt8]

  static let descriptor = GoogleProtobuf.Empty.descriptor

  init() { bytes = [] }

  /// Nil when the bytes do not begin with a field of a message.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard !bytes.isEmpty else { return }
    guard (try? serialized()) == bytes else { return nil }
  }

  init(unpacked message: UnsafeRawPointer) { bytes = [] }

  func packable(in arena: Arena) -> UnsafeMutableRawPointer {
    let message = arena.room(for: Google__Protobuf__Empty.self)
    google__protobuf__empty__init(message)
    if let (tag, length) = tag {
      let rest = arena.bytes(Array(bytes[length...]))
      let field = arena.room(for: ProtobufCMessageUnknownField.self)
      field.initialize(
        to: ProtobufCMessageUnknownField(
          tag: tag >> 3, wire_type: ProtobufCWireType(rawValue: tag & 7), len: rest.len,
          data: rest.data))
      message.pointee.base.n_unknown_fields = 1
      message.pointee.base.unknown_fields = field
    }
    return UnsafeMutableRawPointer(message)
  }

  /// The first field's tag, and how many bytes it takes.
  private var tag: (value: UInt32, length: Int)? {
    var value: UInt32 = 0
    for (index, byte) in bytes.prefix(5).enumerated() {
      value |= UInt32(byte & 0x7f) << (7 * UInt32(index))
      if byte < 0x80 { return value >> 3 > 0 ? (value, index + 1) : nil }
    }
    return nil
  }
}
