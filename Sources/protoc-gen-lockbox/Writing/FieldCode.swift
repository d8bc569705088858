/// The statements that copy one property between the Swift struct and protoc-c's.
struct FieldCode {
  let message: MessageType
  let types: Types

  // MARK: - From C

  func unpack(_ property: Property) -> [String] {
    switch property.content {
    case .field(let field): ["self.\(property.name) = \(unpack(field))"]
    case .oneof(let oneof, let members): unpack(oneof, members, to: property.name)
    }
  }

  private func unpack(_ field: Field) -> String {
    let name = Names.cField(field.name)
    let place = "c.pointee.\(name)"
    let count = "c.pointee.n_\(field.name.lowercased())"
    if field.isRepeated {
      if case .message = field.kind {
        return "Unpacked.array(\(place), \(count)) { Unpacked.messageOrEmpty($0) }"
      }
      return "Unpacked.array(\(place), \(count)) { \(value("$0", field.kind)) }"
    }
    if case .map(entry: _, let key, let value) = field.kind {
      let pair =
        "(\(self.value("$0.pointee.key", key)), \(self.value("$0.pointee.value", value)))"
      return "Unpacked.map(\(place), \(count)) { \(pair) }"
    }
    if case .message = field.kind { return "Unpacked.message(\(place))" }
    return value(place, field.kind)
  }

  private func unpack(_ oneof: Oneof, _ members: [Field], to property: String) -> [String] {
    ["switch c.pointee.\(oneof.name.lowercased())_case.rawValue {"]
      + members.map { member in
        let value = value("c.pointee.\(Names.cField(member.name))", member.kind)
        let name = Names.escaped(Names.member(member.name))
        return "case \(member.number): self.\(property) = .\(name)(\(value))"
      } + ["default: break", "}"]
  }

  /// A C expression as a Swift value; messages that are missing become empty ones.
  private func value(_ expression: String, _ kind: Field.Kind) -> String {
    switch kind {
    case .bool: "\(expression) != 0"
    case .int32, .int64, .uint32, .uint64, .float, .double: expression
    case .string: "Unpacked.string(\(expression))"
    case .bytes: "Unpacked.bytes(\(expression))"
    case .message: "Unpacked.messageOrEmpty(\(expression))"
    case .enumeration: ".init(rawValue: Int32(truncatingIfNeeded: \(expression).rawValue))"
    case .map: preconditionFailure("a map in a map or oneof")
    }
  }

  // MARK: - To C

  func pack(_ property: Property) -> [String] {
    switch property.content {
    case .field(let field): pack(field, from: "self.\(property.name)")
    case .oneof(let oneof, let members): pack(oneof, members, from: "self.\(property.name)")
    }
  }

  private func pack(_ field: Field, from value: String) -> [String] {
    let place = "c.pointee.\(Names.cField(field.name))"
    let count = "c.pointee.n_\(field.name.lowercased()) = \(value).count"
    if field.isRepeated {
      let element = cValue("$0", field.kind, field)
      return [count, "\(place) = arena.array(\(value)) { \(element) }"]
    }
    switch field.kind {
    case .map(entry: let entry, let key, let content):
      return [
        count,
        "\(place) = arena.entries(\(value)) { key, value in",
        "  var entry = \(Names.cType(entry))()",
        "  \(Names.cInitializer(entry))(&entry)",
        "  entry.key = \(cValue("key", key, field))",
        "  entry.value = \(cValue("value", content, field))",
        "  return entry",
        "}",
      ]
    case .message:
      return ["\(place) = arena.optionalMessage(\(value))"]
    case .bool, .int32, .int64, .uint32, .uint64, .float, .double, .string, .bytes, .enumeration:
      return ["\(place) = \(cValue(value, field.kind, field))"]
    }
  }

  private func pack(_ oneof: Oneof, _ members: [Field], from property: String) -> [String] {
    ["switch \(property) {"]
      + members.flatMap { member in
        [
          "case .\(Names.escaped(Names.member(member.name)))(let value)?:",
          "  c.pointee.\(oneof.name.lowercased())_case = .init(rawValue: \(member.number))",
          "  c.pointee.\(Names.cField(member.name)) = \(cValue("value", member.kind, member))",
        ]
      } + ["case nil: break", "}"]
  }

  private func cValue(_ value: String, _ kind: Field.Kind, _ field: Field) -> String {
    switch kind {
    case .bool: "\(value) ? 1 : 0"
    case .int32, .int64, .uint32, .uint64, .float, .double: value
    case .string: "arena.string(\(value), \"\(message.fullName).\(field.name)\")"
    case .bytes: "arena.bytes(\(value))"
    case .message: "arena.message(\(value))"
    case .enumeration: ".init(rawValue: .init(truncatingIfNeeded: \(value).rawValue))"
    case .map: preconditionFailure("a map in a map or oneof")
    }
  }
}
