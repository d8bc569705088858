internal import ProtobufC

/// A JSON value to be written, its members in their order.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Int64)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])
  /// JSON text that was written before.
  case text(String)

  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += "\(value)"
    case .string(let value): text.appendJSON(value)
    case .text(let value): text += value
    case .array(let elements):
      text += "["
      for (place, element) in elements.enumerated() {
        if place > 0 { text += "," }
        element.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (place, member) in members.enumerated() {
        if place > 0 { text += "," }
        text.appendJSON(member.0)
        text += ":"
        member.1.write(to: &text)
      }
      text += "}"
    }
  }
}

extension JSONValue {
  init(_ value: String?) { self = value.map { .string($0) } ?? .null }
}
