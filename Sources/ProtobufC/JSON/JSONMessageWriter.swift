internal import CProtobufC

/// Writes one of protoc-c's structs as JSON, led by its descriptor.
struct JSONMessageWriter {
  private(set) var text: JSONText

  init(pretty: Bool) {
    text = JSONText(pretty: pretty)
  }

  /// `message` points to a struct whose first member is a `ProtobufCMessage`.
  mutating func message(_ message: UnsafeRawPointer) throws(EncodingError) {
    let type = message.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor!
    switch String(cString: type.pointee.name) {
    case "google.protobuf.Timestamp":
      let time = message.secondsAndNanos(type)
      text.quoted(try JSONTime.timestamp(time.seconds, time.nanos))
    case "google.protobuf.Duration":
      let time = message.secondsAndNanos(type)
      text.quoted(try JSONTime.duration(time.seconds, time.nanos))
    case "google.protobuf.Any":
      text.open("{")
      for (key, field) in [("@type", type.pointee.fields!), ("value", type.pointee.fields + 1)] {
        text.key(key)
        try value(at: message + Int(field.pointee.offset), field)
      }
      text.close("}")
    default:
      text.open("{")
      for index in 0..<Int(type.pointee.n_fields) {
        try member(type.pointee.fields + index, of: message, type)
      }
      text.close("}")
    }
  }

  private mutating func member(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>, of message: UnsafeRawPointer,
    _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(EncodingError) {
    let place = message + Int(field.pointee.offset)
    let quantifier = message + Int(field.pointee.quantifier_offset)
    if field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
      let count = quantifier.load(as: Int.self)
      guard count > 0 else { return }
      text.key(field.pointee.jsonName)
      let elements = place.load(as: UnsafeRawPointer.self)
      if field.pointee.isMap(of: type) {
        try map(elements, count)
      } else {
        try array(elements, count, field)
      }
      return
    }
    // Of a union only the chosen member may be read.
    if field.pointee.isOneofMember {
      guard quantifier.load(as: UInt32.self) == field.pointee.id else { return }
    } else if field.pointee.isDefault(at: place) {
      return
    }
    text.key(field.pointee.jsonName)
    try value(at: place, field)
  }

  private mutating func array(
    _ elements: UnsafeRawPointer, _ count: Int,
    _ field: UnsafePointer<ProtobufCFieldDescriptor>
  ) throws(EncodingError) {
    text.open("[")
    for index in 0..<count {
      text.element()
      try value(at: elements + index * field.pointee.type.stride, field)
    }
    text.close("]")
  }

  private mutating func map(_ entries: UnsafeRawPointer, _ count: Int) throws(EncodingError) {
    text.open("{")
    for index in 0..<count {
      let entry = entries.load(
        fromByteOffset: index * MemoryLayout<UnsafeRawPointer>.stride, as: UnsafeRawPointer.self)
      let type = entry.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor!
      let key = type.pointee.fields!
      let content = type.pointee.fields + 1
      text.key(entry.mapKey(key.pointee))
      try value(at: entry + Int(content.pointee.offset), content)
    }
    text.close("}")
  }

  private mutating func value(
    at place: UnsafeRawPointer, _ field: UnsafePointer<ProtobufCFieldDescriptor>
  ) throws(EncodingError) {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_STRING:
      text.quoted(place.string)
    case PROTOBUF_C_TYPE_BYTES:
      let bytes = place.load(as: ProtobufCBinaryData.self)
      text.quoted(Base64.encode(UnsafeBufferPointer(start: bytes.data, count: bytes.len)))
    case PROTOBUF_C_TYPE_MESSAGE:
      // nil: a map entry or oneof member that is the empty message.
      if let nested = place.load(as: UnsafeRawPointer?.self) {
        try message(nested)
      } else {
        text.raw("{}")
      }
    case PROTOBUF_C_TYPE_ENUM:
      let number = place.load(as: Int32.self)
      let schema = field.pointee.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
      if let name = schema.pointee.name(of: number) {
        text.quoted(name)
      } else {
        text.raw("\(number)")
      }
    default:
      text.raw(place.number(field.pointee.type))
    }
  }
}
