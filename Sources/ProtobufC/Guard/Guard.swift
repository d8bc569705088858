internal import CProtobufC

/// One pass over a message's bytes, led by its schema, before protobuf-c sees them.
///
/// protobuf-c 1.4.1 has no limit on nesting, ends strings at NUL, does not check UTF-8 or enum
/// values, and of a singular field given twice keeps the last or merges the two. All of that is
/// refused here, so that what was checked and signed is what is read.
struct Guard {
  private let limits: DecodingLimits
  private var fieldsLeft: Int
  /// The element that is looked at in a packed field, for the path of an error.
  private var packedElement = 0

  /// Throws the first fault of `bytes` as a message of `type`. Takes no memory unless it throws.
  static func check(
    _ bytes: UnsafeRawBufferPointer, _ type: UnsafePointer<ProtobufCMessageDescriptor>,
    _ limits: DecodingLimits
  ) throws(DecodingError) {
    var pass = Guard(limits: limits, fieldsLeft: limits.maximumFields)
    try pass.message(bytes, type, depth: 1)
  }

  private mutating func message(
    _ bytes: UnsafeRawBufferPointer, _ type: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int
  ) throws(DecodingError) {
    guard depth <= limits.maximumDepth else { throw DecodingError(reason: .tooDeep) }
    guard let base = bytes.baseAddress else { return }
    let start = base.assumingMemoryBound(to: UInt8.self)
    var reader = WireReader(start, end: start + bytes.count)
    var seen: UInt64 = 0
    while !reader.isAtEnd {
      let fieldStart = reader.cursor
      fieldsLeft -= 1
      guard fieldsLeft >= 0 else { throw DecodingError(reason: .tooManyFields) }
      let (number, wireType) = try reader.tag()
      guard let index = type.pointee.index(ofField: number) else {
        try reader.skipValue(wireType)
        continue
      }
      let field = type.pointee.fields + index
      do throws(DecodingError) {
        if field.pointee.label != PROTOBUF_C_LABEL_REPEATED {
          try Self.mark(index, field, type, &seen)
        }
        try value(of: field, wireType, &reader, depth: depth)
      } catch {
        let earlier = UnsafeRawBufferPointer(start: start, count: fieldStart - start)
        throw located(error, in: field, after: earlier)
      }
    }
  }

  /// Notes that a singular field was met; throws when it, or a sibling in its oneof, was before.
  @inline(__always)
  private static func mark(
    _ index: Int, _ field: UnsafePointer<ProtobufCFieldDescriptor>,
    _ type: UnsafePointer<ProtobufCMessageDescriptor>, _ seen: inout UInt64
  ) throws(DecodingError) {
    let bit: UInt64 = 1 << UInt64(index)
    var rivals = bit
    if field.pointee.isOneofMember {
      for other in 0..<Int(type.pointee.n_fields)
      where type.pointee.fields[other].isOneofMember
        && type.pointee.fields[other].quantifier_offset == field.pointee.quantifier_offset
      {
        rivals |= 1 << UInt64(other)
      }
    }
    guard seen & rivals == 0 else { throw DecodingError(reason: .repeatedSingularField) }
    seen |= bit
  }

  private mutating func value(
    of field: UnsafePointer<ProtobufCFieldDescriptor>, _ wireType: WireType,
    _ reader: inout WireReader, depth: Int
  ) throws(DecodingError) {
    let type = field.pointee.type
    packedElement = 0
    guard wireType == type.wireType else {
      guard field.pointee.label == PROTOBUF_C_LABEL_REPEATED, wireType == .length else {
        throw DecodingError(reason: .wrongWireType)
      }
      return try packed(field, reader.lengthPrefixed())
    }
    switch type {
    case PROTOBUF_C_TYPE_STRING:
      switch UTF8Check.fault(in: try reader.lengthPrefixed()) {
      case nil: break
      case .nul: throw DecodingError(reason: .embeddedNUL)
      case .invalid: throw DecodingError(reason: .invalidUTF8)
      }
    case PROTOBUF_C_TYPE_MESSAGE:
      let schema = field.pointee.descriptor.assumingMemoryBound(
        to: ProtobufCMessageDescriptor.self)
      try message(try reader.lengthPrefixed(), schema, depth: depth + 1)
    case PROTOBUF_C_TYPE_ENUM:
      try enumValue(of: field, &reader)
    default:
      try reader.skipValue(wireType)
    }
  }

  /// A repeated field of numbers in one length-prefixed value.
  private mutating func packed(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>, _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingError) {
    let type = field.pointee.type
    switch type.wireType {
    case .fixed32, .fixed64:
      let size = type.wireType == .fixed32 ? 4 : 8
      guard bytes.count % size == 0 else { throw DecodingError(reason: .malformedPackedField) }
    case .varint:
      guard let base = bytes.baseAddress else { return }
      let start = base.assumingMemoryBound(to: UInt8.self)
      var elements = WireReader(start, end: start + bytes.count)
      while !elements.isAtEnd {
        if type == PROTOBUF_C_TYPE_ENUM {
          try enumValue(of: field, &elements)
        } else {
          _ = try elements.varint()
        }
        packedElement += 1
      }
    case .length, .groupStart, .groupEnd:
      throw DecodingError(reason: .wrongWireType)
    }
  }

  private func enumValue(
    of field: UnsafePointer<ProtobufCFieldDescriptor>, _ reader: inout WireReader
  ) throws(DecodingError) {
    let number = Int32(truncatingIfNeeded: try reader.varint())
    guard limits.refusesUnknownEnumValues else { return }
    let schema = field.pointee.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
    guard schema.pointee.knows(number) else {
      throw DecodingError(reason: .unknownEnumValue(number))
    }
  }

  /// The error with the field put before its path. Only now are the elements counted that came
  /// before in a repeated field: good messages do not pay for it.
  private func located(
    _ error: DecodingError, in field: UnsafePointer<ProtobufCFieldDescriptor>,
    after earlier: UnsafeRawBufferPointer
  ) -> DecodingError {
    var step = String(cString: field.pointee.name)
    if field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
      let element = field.pointee.elements(in: earlier) + (error.path.isEmpty ? packedElement : 0)
      step += "[\(element)]"
    }
    return DecodingError(
      path: error.path.isEmpty ? step : "\(step).\(error.path)", reason: error.reason)
  }
}
