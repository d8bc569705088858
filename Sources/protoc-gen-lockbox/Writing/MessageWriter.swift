/// Writes the Swift struct of one message.
struct MessageWriter {
  let message: MessageType
  let types: Types
  private let properties: [Property]

  init(_ message: MessageType, _ types: Types) {
    self.message = message
    self.types = types
    properties = Property.all(of: message, types)
  }

  func write(to source: inout SourceText) {
    source.documentation(message.documentation)
    source.block("public struct \(Names.type(message.name)): Message") { source in
      writeProperties(to: &source)
      writeInitializers(to: &source)
      for property in properties {
        if case .oneof(let oneof, let members) = property.content {
          source.line()
          write(oneof, members, to: &source)
        }
      }
      for type in message.enums {
        source.line()
        EnumWriter(type).write(to: &source)
      }
      for nested in message.messages where !nested.isMapEntry {
        source.line()
        MessageWriter(nested, types).write(to: &source)
      }
      source.line()
      writeConversions(to: &source)
    }
  }

  private func writeProperties(to source: inout SourceText) {
    for property in properties {
      source.documentation(property.documentation)
      source.line(
        "public var \(Names.escaped(property.name)): \(property.type) = \(property.defaultValue)")
    }
    if !properties.isEmpty { source.line() }
  }

  private func writeInitializers(to source: inout SourceText) {
    source.line("public init() {}")
    guard !properties.isEmpty else { return }
    source.line()
    source.line("public init(")
    source.indented { source in
      for (index, property) in properties.enumerated() {
        let comma = index == properties.count - 1 ? "" : ","
        source.line(
          "\(Names.escaped(property.name)): \(property.type) = \(property.defaultValue)\(comma)")
      }
    }
    source.line(") {")
    source.indented { source in
      for property in properties {
        source.line("self.\(property.name) = \(Names.escaped(property.name))")
      }
    }
    source.line("}")
  }

  private func write(_ oneof: Oneof, _ members: [Field], to source: inout SourceText) {
    source.documentation(oneof.documentation)
    source.block("public enum \(Names.upperCamel(oneof.name)): Hashable, Sendable") { source in
      for member in members {
        source.documentation(member.documentation)
        let name = Names.escaped(Names.member(member.name))
        source.line("case \(name)(\(types.swift(member.kind)))")
      }
      source.line()
      source.line("/// The field's name in the .proto file.")
      source.block("public var fieldName: String") { source in
        source.line("switch self {")
        source.lines(
          members.map { "case .\(Names.escaped(Names.member($0.name))): \"\($0.name)\"" })
        source.line("}")
      }
      source.line()
      source.line("/// Every value of `fieldName`.")
      source.line("public static let fieldNames: [String] = [")
      source.lines(members.map { "  \"\($0.name)\"," })
      source.line("]")
    }
  }

  private func writeConversions(to source: inout SourceText) {
    let cType = Names.cType(message.fullName)
    let initializer = Names.cInitializer(message.fullName)
    source.line("public static let descriptor = MessageDescriptor(")
    source.line("  \(initializer))")
    source.line()
    let code = FieldCode(message: message, types: types)
    source.block("public init(unpacked message: UnsafeRawPointer)") { source in
      guard !properties.isEmpty else { return }
      source.line("let c = message.assumingMemoryBound(to: \(cType).self)")
      for property in properties {
        source.lines(code.unpack(property))
      }
    }
    source.line()
    source.block("public func packable(in arena: Arena) -> UnsafeMutableRawPointer") { source in
      source.line("let c = arena.room(for: \(cType).self)")
      source.line("\(initializer)(c)")
      for property in properties {
        source.lines(code.pack(property))
      }
      source.line("return UnsafeMutableRawPointer(c)")
    }
  }
}
