internal import CProtobufC
internal import CStandardProto

extension MessageType {
  init(
    _ message: Google__Protobuf__DescriptorProto, in scope: String, _ comments: Comments,
    path: [Int32]
  ) throws(Unsupported) {
    name = string(message.name)
    fullName = "\(scope).\(name)"
    documentation = comments[path]
    isMapEntry = message.options.map { $0.pointee.map_entry != 0 } ?? false
    guard message.n_extension == 0, message.n_extension_range == 0 else {
      throw Unsupported(fullName, "extensions are not supported")
    }
    // The guard of the runtime keeps one bit a field.
    guard message.n_field <= 64 else { throw Unsupported(fullName, "more than 64 fields") }
    oneofs = elements(message.oneof_decl, message.n_oneof_decl).enumerated().map { index, oneof in
      Oneof(name: string(oneof.name), documentation: comments[path + [8, Int32(index)]])
    }
    messages = []
    for (index, nested) in elements(message.nested_type, message.n_nested_type).enumerated() {
      messages.append(
        try MessageType(nested, in: fullName, comments, path: path + [3, Int32(index)]))
    }
    enums = elements(message.enum_type, message.n_enum_type).enumerated().map { [fullName] in
      EnumType($1, in: fullName, comments, path: path + [4, Int32($0)])
    }
    fields = []
    for (index, field) in elements(message.field, message.n_field).enumerated() {
      fields.append(
        try Field(
          field, in: fullName, nested: messages, documentation: comments[path + [2, Int32(index)]]))
    }
  }
}

extension Field {
  init(
    _ field: Google__Protobuf__FieldDescriptorProto, in message: String, nested: [MessageType],
    documentation: [String]
  ) throws(Unsupported) {
    name = string(field.name)
    number = Int(field.number)
    self.documentation = documentation
    guard field.proto3_optional == 0 else {
      throw Unsupported("\(message).\(name)", "protobuf-c 1.4 has no proto3 optional")
    }
    // LABEL_REPEATED in descriptor.proto.
    isRepeated = field.label.rawValue == 3
    oneof = field.has_oneof_index != 0 ? Int(field.oneof_index) : nil
    let typeName = String(string(field.type_name).dropFirst())
    kind = try Self.kind(field.type.rawValue, typeName, "\(message).\(name)")
    if let entry = nested.first(where: { $0.fullName == typeName && $0.isMapEntry }) {
      kind = .map(entry: typeName, key: entry.fields[0].kind, value: entry.fields[1].kind)
      isRepeated = false
    }
  }

  /// By FieldDescriptorProto.Type in descriptor.proto.
  private static func kind(
    _ type: some BinaryInteger, _ typeName: String, _ field: String
  ) throws(Unsupported) -> Kind {
    switch type {
    case 1: .double
    case 2: .float
    case 3, 16, 18: .int64
    case 4, 6: .uint64
    case 5, 15, 17: .int32
    case 7, 13: .uint32
    case 8: .bool
    case 9: .string
    case 11: .message(typeName)
    case 12: .bytes
    case 14: .enumeration(typeName)
    default: throw Unsupported(field, "groups are not supported")
    }
  }
}
