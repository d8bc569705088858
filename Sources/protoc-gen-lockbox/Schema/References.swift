/// Refuses fields and methods whose types have no Swift code: those of proto2 files, which
/// `Schema` leaves out.
enum References {
  static func check(_ schema: Schema) throws(Unsupported) {
    let known = Set(schema.files.flatMap { $0.messages.flatMap(names) + $0.enums.map(\.fullName) })
    for file in schema.files {
      for message in file.messages { try check(message, known) }
      for service in file.services {
        for method in service.methods {
          for type in [method.request, method.response] where !known.contains(type) {
            throw unsupported("\(service.fullName).\(method.name)", type)
          }
        }
      }
    }
  }

  private static func check(
    _ message: MessageType, _ known: Set<String>
  ) throws(Unsupported) {
    for field in message.fields {
      for type in Types.names(field.kind) where !known.contains(type) {
        throw unsupported("\(message.fullName).\(field.name)", type)
      }
    }
    for nested in message.messages { try check(nested, known) }
  }

  private static func unsupported(_ subject: String, _ type: String) -> Unsupported {
    Unsupported(subject, "\(type) is of a proto2 file")
  }

  private static func names(_ message: MessageType) -> [String] {
    [message.fullName] + message.messages.flatMap(names) + message.enums.map(\.fullName)
  }
}
