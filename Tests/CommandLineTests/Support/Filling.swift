internal import CLockboxProto

@testable internal import ProtobufC

/// The same numbers for the same seed on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Messages with every field set, through all that they hold, from their descriptors.
struct Filling {
  var generator: SeededGenerator

  mutating func message<M: Message>(_ type: M.Type) throws -> M {
    try M(serialized: bytes(of: M.descriptor.pointer))
  }

  private mutating func bytes(of type: UnsafePointer<ProtobufCMessageDescriptor>) -> [UInt8] {
    var wire = WireWriter()
    let fields = UnsafeBufferPointer(start: type.pointee.fields, count: Int(type.pointee.n_fields))
    switch String(cString: type.pointee.name) {
    case "google.protobuf.Timestamp":
      wire.varint(field: 1, UInt64.random(in: 0...4_000_000_000, using: &generator))
      wire.varint(field: 2, UInt64.random(in: 0...999_999_999, using: &generator))
      return wire.bytes
    case "google.protobuf.Duration":
      wire.varint(field: 1, UInt64.random(in: 0...400_000, using: &generator))
      wire.varint(field: 2, [0, 500_000_000, 1][Int.random(in: 0...2, using: &generator)])
      return wire.bytes
    default: break
    }
    let chosen = Dictionary(
      grouping: fields.filter(isOneof), by: { $0.quantifier_offset }
    ).mapValues { $0.randomElement(using: &generator)!.id }
    for field in fields where !isOneof(field) || chosen[field.quantifier_offset] == field.id {
      for _ in 0..<(field.label == PROTOBUF_C_LABEL_REPEATED ? 3 : 1) { value(of: field, &wire) }
    }
    return wire.bytes
  }

  private func isOneof(_ field: ProtobufCFieldDescriptor) -> Bool {
    field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0
  }

  private mutating func value(of field: ProtobufCFieldDescriptor, _ wire: inout WireWriter) {
    switch field.type {
    case PROTOBUF_C_TYPE_STRING: wire.message(field: field.id, Array(text().utf8))
    case PROTOBUF_C_TYPE_BYTES: wire.message(field: field.id, [0, 255, 7])
    case PROTOBUF_C_TYPE_BOOL: wire.varint(field: field.id, 1)
    case PROTOBUF_C_TYPE_MESSAGE:
      let type = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      wire.message(field: field.id, bytes(of: type))
    case PROTOBUF_C_TYPE_ENUM:
      let type = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
      let values = UnsafeBufferPointer(
        start: type.pointee.values, count: Int(type.pointee.n_values))
      let number = values.filter { $0.value != 0 }.randomElement(using: &generator)?.value ?? 0
      wire.varint(field: field.id, UInt64(bitPattern: Int64(number)))
    case PROTOBUF_C_TYPE_FLOAT: wire.fixed32(field: field.id, Float(1.5).bitPattern)
    case PROTOBUF_C_TYPE_DOUBLE: wire.fixed64(field: field.id, 2.25.bitPattern)
    default:
      wire.unsigned(UInt64.random(in: 1...100, using: &generator), field)
    }
  }

  private static let texts = [
    "acme", "true", "No", "null", "~", "0123", "1.5e3", "12:30", "2026-01-01", "- a", "a: b",
    "a #b", "#", "'", "\"\\", "{a}", "[a", "a,b", "*x", "&x", "!x", "%x", "@x", "`x", "|", ">",
    " a ", "a b", "é\u{301}ü", "\u{1F600}", "\u{85}\u{2028}\u{FEFF}", "a\nb\t\u{1}", "\u{202E}x",
    "12h", "?", ":", "=", "<<", "-",
  ]

  private mutating func text() -> String {
    Self.texts.randomElement(using: &generator)!
      + "\(UInt8.random(in: 0...99, using: &generator))"
      .prefix(Int.random(in: 0...2, using: &generator))
  }
}
