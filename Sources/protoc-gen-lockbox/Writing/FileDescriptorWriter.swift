internal import ProtobufC

/// Writes the descriptor of one .proto file.
struct FileDescriptorWriter {
  let file: ProtoFile
  let schema: Schema

  /// `lockbox/intake/v1/intake.proto` → `intakeFile`.
  static func property(of file: ProtoFile) -> String {
    let last = file.name.split(separator: "/").last ?? ""
    return Names.member(String(last.prefix { $0 != "." })) + "File"
  }

  func write(to source: inout SourceText) {
    let dependencies = file.dependencies.compactMap { name in
      schema.files.first { $0.name == name }
    }
    source.line("/// \(file.name)")
    source.line("public static let \(Self.property(of: file)) = FileDescriptor(")
    source.line("  name: \"\(file.name)\",")
    source.line("  dependencies: [")
    source.lines(
      dependencies.map { "    \(Names.namespace(of: $0.package)).\(Self.property(of: $0))," })
    source.line("  ],")
    source.line("  symbols: [")
    source.lines(symbols.map { "    \"\($0)\"," })
    source.line("  ],")
    source.line("  base64: \"\"\"")
    var rest = Base64.encode(file.serialized)[...]
    while !rest.isEmpty {
      let part = rest.prefix(90)
      rest = rest.dropFirst(90)
      source.line("    \(part)\(rest.isEmpty ? "" : "\\")")
    }
    source.line("    \"\"\")")
  }

  private var symbols: [String] {
    file.messages.flatMap(Self.symbols) + file.enums.map(\.fullName)
      + file.services.map(\.fullName)
  }

  private static func symbols(_ message: MessageType) -> [String] {
    [message.fullName] + message.messages.flatMap(symbols) + message.enums.map(\.fullName)
  }
}
