internal import CProtobufC

extension Message {
  /// The message as a tree that `read` makes the same message of. Fields at their default are left
  /// out, fields stand in the order of their numbers.
  ///
  /// Throws as `ProtobufJSON.encode` does.
  public func tree(_ format: TreeFormat) throws(EncodingError) -> ValueTree {
    let arena = Arena(budget: .max)
    defer { arena.free() }
    return try TreeWriter(format: format).message(try arena.pack(self))
  }
}

/// Makes a tree of one of protoc-c's structs, led by its descriptor.
struct TreeWriter {
  let format: TreeFormat

  /// `message` points to a struct whose first member is a `ProtobufCMessage`.
  func message(_ message: UnsafeRawPointer) throws(EncodingError) -> ValueTree {
    let type = message.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor!
    switch String(cString: type.pointee.name) {
    case "google.protobuf.Timestamp":
      let time = message.secondsAndNanos(type)
      return .text(try JSONTime.timestamp(time.seconds, time.nanos))
    case "google.protobuf.Duration":
      let time = message.secondsAndNanos(type)
      let text = try JSONTime.duration(time.seconds, time.nanos)
      return .text(format.writeDuration(time) ?? text)
    default:
      var members: [ValueTree.Member] = []
      for index in 0..<Int(type.pointee.n_fields) {
        let field = type.pointee.fields[index]
        guard let value = try member(field, of: message, type) else { continue }
        members.append(.init(format.writesProtoNames ? field.protoName : field.jsonName, value))
      }
      return ValueTree(.mapping(members))
    }
  }

  /// Nil for what is left out.
  private func member(
    _ field: ProtobufCFieldDescriptor, of message: UnsafeRawPointer,
    _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(EncodingError) -> ValueTree? {
    let place = message + Int(field.offset)
    let quantifier = message + Int(field.quantifier_offset)
    if field.label == PROTOBUF_C_LABEL_REPEATED {
      let count = quantifier.load(as: Int.self)
      guard count > 0 else { return nil }
      let elements = place.load(as: UnsafeRawPointer.self)
      return field.isMap(of: type)
        ? try map(elements, count) : try list(elements, count, field)
    }
    // Of a union only the chosen member may be read.
    if field.isOneofMember {
      guard quantifier.load(as: UInt32.self) == field.id else { return nil }
    } else if field.isDefault(at: place) {
      let isFalse = format.writesFalse && field.type == PROTOBUF_C_TYPE_BOOL
      return isFalse ? ValueTree(.scalar("false", isText: false)) : nil
    }
    return try value(at: place, field)
  }

  private func list(
    _ elements: UnsafeRawPointer, _ count: Int, _ field: ProtobufCFieldDescriptor
  ) throws(EncodingError) -> ValueTree {
    var values: [ValueTree] = []
    for index in 0..<count {
      values.append(try value(at: elements + index * field.type.stride, field))
    }
    return ValueTree(.list(values))
  }

  private func map(_ entries: UnsafeRawPointer, _ count: Int) throws(EncodingError) -> ValueTree {
    var members: [ValueTree.Member] = []
    for index in 0..<count {
      let entry = entries.load(
        fromByteOffset: index * MemoryLayout<UnsafeRawPointer>.stride, as: UnsafeRawPointer.self)
      let type = entry.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor!
      let content = type.pointee.fields[1]
      members.append(
        .init(
          entry.mapKey(type.pointee.fields[0]),
          try value(at: entry + Int(content.offset), content)))
    }
    return ValueTree(.mapping(members))
  }

  private func value(
    at place: UnsafeRawPointer, _ field: ProtobufCFieldDescriptor
  ) throws(EncodingError) -> ValueTree {
    switch field.type {
    case PROTOBUF_C_TYPE_STRING: return .text(place.string)
    case PROTOBUF_C_TYPE_BYTES:
      let bytes = place.load(as: ProtobufCBinaryData.self)
      return .text(Base64.encode(UnsafeBufferPointer(start: bytes.data, count: bytes.len)))
    case PROTOBUF_C_TYPE_MESSAGE:
      // nil: a map entry or oneof member that is the empty message.
      guard let nested = place.load(as: UnsafeRawPointer?.self) else {
        return ValueTree(.mapping([]))
      }
      return try message(nested)
    case PROTOBUF_C_TYPE_ENUM:
      let number = place.load(as: Int32.self)
      let schema = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
      return schema.pointee.name(of: number, short: format.hasShortEnumNames).map { .text($0) }
        ?? ValueTree(.scalar("\(number)", isText: false))
    default:
      let number = place.number(field.type)
      return number.hasPrefix("\"")
        ? .text(String(number.dropFirst().dropLast()))
        : ValueTree(.scalar(number, isText: false))
    }
  }
}

extension ValueTree {
  fileprivate static func text(_ text: String) -> ValueTree {
    ValueTree(.scalar(text, isText: true))
  }
}
