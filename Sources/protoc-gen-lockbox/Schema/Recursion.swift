/// Refuses messages that hold themselves, directly or not: protobuf-c unpacks them by recursion
/// without a limit, and a Swift struct cannot hold itself.
enum Recursion {
  static func check(_ schema: Schema) throws(Unsupported) {
    var children: [String: [String]] = [:]
    for file in schema.files {
      for message in file.messages {
        collect(message, into: &children)
      }
    }
    var done: Set<String> = []
    for name in children.keys.sorted() {
      try visit(name, children, path: [], &done)
    }
  }

  private static func collect(_ message: MessageType, into children: inout [String: [String]]) {
    children[message.fullName] = message.fields.compactMap { field in
      switch field.kind {
      case .message(let name), .map(entry: let name, key: _, value: _): name
      default: nil
      }
    }
    for nested in message.messages {
      collect(nested, into: &children)
    }
  }

  private static func visit(
    _ name: String, _ children: [String: [String]], path: [String], _ done: inout Set<String>
  ) throws(Unsupported) {
    if path.contains(name) { throw Unsupported(name, "recursive messages are not supported") }
    guard !done.contains(name) else { return }
    for child in children[name] ?? [] {
      try visit(child, children, path: path + [name], &done)
    }
    done.insert(name)
  }
}
