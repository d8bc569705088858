/// JSON whose members keep their order.
indirect enum JSONNode {
  case string(String)
  case integer(Int)
  case boolean(Bool)
  case array([JSONNode])
  case object([(String, JSONNode)])

  /// Indented by two spaces; what is short stands on one line.
  func text(indent: Int = 0) -> String {
    let line = oneLine
    if line.utf8.count + 2 * indent <= 80 { return line }
    let inner = String(repeating: "  ", count: indent + 1)
    let end = "\n" + String(repeating: "  ", count: indent)
    switch self {
    case .string, .integer, .boolean: return line
    case .array(let elements):
      let lines = elements.map { inner + $0.text(indent: indent + 1) }
      return "[\n" + lines.joined(separator: ",\n") + end + "]"
    case .object(let members):
      let lines = members.map { "\(inner)\(Self.quoted($0.0)): \($0.1.text(indent: indent + 1))" }
      return "{\n" + lines.joined(separator: ",\n") + end + "}"
    }
  }

  private var oneLine: String {
    switch self {
    case .string(let text): Self.quoted(text)
    case .integer(let number): "\(number)"
    case .boolean(let flag): "\(flag)"
    case .array(let elements): "[\(elements.map(\.oneLine).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.0)): \($0.1.oneLine)" }.joined(separator: ", "))}"
    }
  }

  /// Comments and names of .proto files hold no control characters.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
