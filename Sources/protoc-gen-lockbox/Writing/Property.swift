/// One stored property of a generated struct: a field, or a oneof with its members.
struct Property {
  enum Content {
    case field(Field)
    case oneof(Oneof, [Field])
  }

  let content: Content
  let name: String
  let type: String
  let defaultValue: String
  let documentation: [String]

  /// The properties of a message in the order of its fields.
  static func all(of message: MessageType, _ types: Types) -> [Property] {
    var written: Set<Int> = []
    return message.fields.compactMap { field in
      guard let index = field.oneof else { return Property(field, types) }
      guard written.insert(index).inserted else { return nil }
      return Property(
        message.oneofs[index], message.fields.filter { $0.oneof == index })
    }
  }

  private init(_ field: Field, _ types: Types) {
    content = .field(field)
    name = Names.member(field.name)
    documentation = field.documentation
    let single = types.swift(field.kind)
    if field.isRepeated {
      type = "[\(single)]"
      defaultValue = "[]"
      return
    }
    switch field.kind {
    case .message:
      type = single + "?"
      defaultValue = "nil"
    case .enumeration(let enumName):
      type = single
      defaultValue = "." + Names.escaped(types[enumName].zeroCase ?? "")
    case .map:
      type = single
      defaultValue = "[:]"
    case .bool:
      type = single
      defaultValue = "false"
    case .string:
      type = single
      defaultValue = "\"\""
    case .bytes:
      type = single
      defaultValue = "[]"
    case .int32, .int64, .uint32, .uint64, .float, .double:
      type = single
      defaultValue = "0"
    }
  }

  private init(_ oneof: Oneof, _ members: [Field]) {
    content = .oneof(oneof, members)
    name = Names.member(oneof.name)
    type = Names.upperCamel(oneof.name) + "?"
    defaultValue = "nil"
    documentation = oneof.documentation
  }
}
