internal import CProtobufC

/// Reading members of protoc-c's structs by their descriptors.
extension UnsafeRawPointer {
  /// A `char *` member.
  var string: String {
    load(as: UnsafePointer<CChar>?.self).map { String(cString: $0) } ?? ""
  }

  /// A number or boolean as ProtoJSON writes it.
  func number(_ type: ProtobufCType) -> String {
    switch type {
    case PROTOBUF_C_TYPE_BOOL: load(as: Int32.self) != 0 ? "true" : "false"
    case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_SINT32, PROTOBUF_C_TYPE_SFIXED32:
      "\(load(as: Int32.self))"
    case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_FIXED32: "\(load(as: UInt32.self))"
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_SINT64, PROTOBUF_C_TYPE_SFIXED64:
      "\"\(load(as: Int64.self))\""
    case PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_FIXED64: "\"\(load(as: UInt64.self))\""
    case PROTOBUF_C_TYPE_FLOAT: Self.json(load(as: Float.self))
    case PROTOBUF_C_TYPE_DOUBLE: Self.json(load(as: Double.self))
    default: preconditionFailure("not a number")
    }
  }

  private static func json<F: BinaryFloatingPoint & CustomStringConvertible>(
    _ value: F
  ) -> String {
    if value.isNaN { return "\"NaN\"" }
    if value.isInfinite { return value < 0 ? "\"-Infinity\"" : "\"Infinity\"" }
    return value.description
  }

  /// The key of a map entry: always a string in JSON.
  func mapKey(_ key: ProtobufCFieldDescriptor) -> String {
    let place = self + Int(key.offset)
    if key.type == PROTOBUF_C_TYPE_STRING { return place.string }
    let number = place.number(key.type)
    return number.hasPrefix("\"") ? String(number.dropFirst().dropLast()) : number
  }

  /// The two fields of Timestamp and Duration.
  func secondsAndNanos(
    _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> (seconds: Int64, nanos: Int32) {
    (
      load(fromByteOffset: Int(type.pointee.fields[0].offset), as: Int64.self),
      load(fromByteOffset: Int(type.pointee.fields[1].offset), as: Int32.self)
    )
  }
}

extension ProtobufCFieldDescriptor {
  /// Whether a singular field outside of a oneof holds what the wire leaves out.
  func isDefault(at place: UnsafeRawPointer) -> Bool {
    switch type {
    case PROTOBUF_C_TYPE_STRING:
      place.load(as: UnsafePointer<CChar>?.self).map { $0.pointee == 0 } ?? true
    case PROTOBUF_C_TYPE_BYTES: place.load(as: ProtobufCBinaryData.self).len == 0
    case PROTOBUF_C_TYPE_MESSAGE: place.load(as: UnsafeRawPointer?.self) == nil
    default:
      UnsafeRawBufferPointer(start: place, count: type.stride).allSatisfy { $0 == 0 }
    }
  }

  /// protoc makes up a message `FieldNameEntry` inside the message that has the map.
  func isMap(of message: UnsafePointer<ProtobufCMessageDescriptor>) -> Bool {
    guard type == PROTOBUF_C_TYPE_MESSAGE else { return false }
    let entry = descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    let camel = protoName.split(separator: "_")
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return String(cString: entry.pointee.name)
      == String(cString: message.pointee.name) + "." + camel + "Entry"
  }

  /// As in the .proto file.
  var protoName: String { String(cString: name) }

  /// `request_id` → `requestId`, as protoc derives it.
  var jsonName: String {
    var result = ""
    var isAfterUnderscore = false
    for character in protoName {
      if character != "_" {
        result += isAfterUnderscore ? character.uppercased() : String(character)
      }
      isAfterUnderscore = character == "_"
    }
    return result
  }
}

extension ProtobufCType {
  /// From one element to the next in the arrays of protoc-c.
  var stride: Int {
    switch self {
    case PROTOBUF_C_TYPE_BYTES: MemoryLayout<ProtobufCBinaryData>.stride
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_MESSAGE, PROTOBUF_C_TYPE_INT64,
      PROTOBUF_C_TYPE_SINT64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_UINT64,
      PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_DOUBLE:
      8
    default: 4
    }
  }
}
