internal import CProtobufC

extension TreeReader {
  /// Appends one value of a field.
  mutating func value(
    _ tree: ValueTree, _ field: ProtobufCFieldDescriptor, _ path: String, _ wire: inout WireWriter
  ) {
    if let place = tree.place { places[path] = place }
    if field.type == PROTOBUF_C_TYPE_MESSAGE {
      let type = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      return wire.message(field: field.id, message(tree, type, path))
    }
    guard let (text, isText) = scalar(tree, path) else { return }
    switch field.type {
    case PROTOBUF_C_TYPE_STRING:
      // JSON has numbers of its own; in YAML whatever stands for a text is one.
      if isText || format.hasShortEnumNames {
        wire.message(field: field.id, Array(text.utf8))
      } else {
        add(path, tree.place, .malformed(.text, found: text))
      }
    case PROTOBUF_C_TYPE_BYTES:
      if let bytes = Base64.decode(text) {
        wire.message(field: field.id, bytes)
      } else {
        add(path, tree.place, .malformed(.base64, found: text))
      }
    case PROTOBUF_C_TYPE_BOOL:
      if !isText, let value = Bool(text) {
        wire.varint(field: field.id, value ? 1 : 0)
      } else {
        add(path, tree.place, .malformed(.boolean, found: text))
      }
    case PROTOBUF_C_TYPE_ENUM: enumeration(text, isText, field, tree.place, path, &wire)
    default: number(text, field, tree.place, path, &wire)
    }
  }

  /// A single value's text; nil with a problem added.
  mutating func scalar(_ tree: ValueTree, _ path: String) -> (text: String, isText: Bool)? {
    switch tree.content {
    case .scalar(let text, let isText): return (text, isText)
    case .null: add(path, tree.place, .empty)
    case .list, .mapping: add(path, tree.place, .noScalar)
    }
    return nil
  }

  private mutating func enumeration(
    _ text: String, _ isText: Bool, _ field: ProtobufCFieldDescriptor,
    _ place: ValueTree.Place?, _ path: String, _ wire: inout WireWriter
  ) {
    let type = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
    if let number = type.pointee.number(of: text, short: format.hasShortEnumNames) {
      wire.varint(field: field.id, UInt64(bitPattern: Int64(number)))
    } else if !isText, let number = Int32(text) {
      wire.varint(field: field.id, UInt64(bitPattern: Int64(number)))
    } else {
      let known = type.pointee.names(short: format.hasShortEnumNames)
      add(path, place, .unknownEnumValue(known: known, found: text))
    }
  }

  private mutating func number(
    _ text: String, _ field: ProtobufCFieldDescriptor, _ place: ValueTree.Place?,
    _ path: String, _ wire: inout WireWriter
  ) {
    switch field.type {
    case PROTOBUF_C_TYPE_FLOAT:
      if let value = Float(text) { return wire.fixed32(field: field.id, value.bitPattern) }
      add(path, place, .malformed(.number, found: text))
    case PROTOBUF_C_TYPE_DOUBLE:
      if let value = Double(text) { return wire.fixed64(field: field.id, value.bitPattern) }
      add(path, place, .malformed(.number, found: text))
    case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_UINT64,
      PROTOBUF_C_TYPE_FIXED64:
      let isWide = field.type == PROTOBUF_C_TYPE_UINT64 || field.type == PROTOBUF_C_TYPE_FIXED64
      let range = 0...(isWide ? UInt64.max : UInt64(UInt32.max))
      guard let value = UInt64(text), range.contains(value) else {
        return add(path, place, .malformed(.unsigned(range), found: text))
      }
      wire.unsigned(value, field)
    default:
      let isWide =
        field.type == PROTOBUF_C_TYPE_INT64 || field.type == PROTOBUF_C_TYPE_SINT64
        || field.type == PROTOBUF_C_TYPE_SFIXED64
      let range =
        isWide ? Int64.min...Int64.max : Int64(Int32.min)...Int64(Int32.max)
      guard let value = Int64(text), range.contains(value) else {
        return add(path, place, .malformed(.integer(range), found: text))
      }
      wire.signed(value, field)
    }
  }
}
