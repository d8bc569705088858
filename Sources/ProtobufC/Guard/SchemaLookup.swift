internal import CProtobufC

extension ProtobufCMessageDescriptor {
  /// The index in `fields` of the field with this number.
  @inline(__always)
  func index(ofField number: UInt32) -> Int? {
    ProtobufCIntRange.index(of: Int(number), in: field_ranges, count: n_field_ranges)
  }
}

extension ProtobufCEnumDescriptor {
  func knows(_ number: Int32) -> Bool { index(of: number) != nil }

  /// The value's name in the .proto file.
  func name(of number: Int32) -> String? {
    index(of: number).map { String(cString: values[$0].name) }
  }

  private func index(of number: Int32) -> Int? {
    ProtobufCIntRange.index(of: Int(number), in: value_ranges, count: n_value_ranges)
  }
}

extension ProtobufCIntRange {
  /// The index of `value` in the table that `ranges` compress. After the last range stands one
  /// more, whose index ends the last.
  @inline(__always)
  fileprivate static func index(
    of value: Int, in ranges: UnsafePointer<ProtobufCIntRange>?, count: UInt32
  ) -> Int? {
    guard let ranges else { return nil }
    for range in 0..<Int(count) {
      let offset = value - Int(ranges[range].start_value)
      let first = Int(ranges[range].orig_index)
      if offset >= 0, offset < Int(ranges[range + 1].orig_index) - first {
        return first + offset
      }
    }
    return nil
  }
}

extension ProtobufCFieldDescriptor {
  var isOneofMember: Bool { flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0 }

  /// How many elements of this repeated field well-formed bytes hold.
  func elements(in bytes: UnsafeRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let start = base.assumingMemoryBound(to: UInt8.self)
    var reader = WireReader(start, end: start + bytes.count)
    var count = 0
    while !reader.isAtEnd, let (number, wireType) = try? reader.tag() {
      let valueStart = reader.cursor
      guard (try? reader.skipValue(wireType)) != nil else { break }
      guard number == id else { continue }
      if wireType == type.wireType {
        count += 1
      } else {
        count += packedElements(from: valueStart, to: reader.cursor)
      }
    }
    return count
  }

  private func packedElements(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> Int {
    var reader = WireReader(start, end: end)
    _ = try? reader.varint32()
    switch type.wireType {
    case .fixed32: return (end - reader.cursor) / 4
    case .fixed64: return (end - reader.cursor) / 8
    case .varint, .length, .groupStart, .groupEnd:
      // The last byte of each varint has no high bit.
      return UnsafeBufferPointer(start: reader.cursor, count: end - reader.cursor)
        .count { $0 < 0x80 }
    }
  }
}

extension ProtobufCType {
  /// How one value of the type stands on the wire.
  var wireType: WireType {
    switch self {
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: .length
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    default: .varint
    }
  }
}
