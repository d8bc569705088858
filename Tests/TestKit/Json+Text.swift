internal import ProtobufC
internal import ServiceKit
public import StrictJSON

extension Json {
  /// The value as JSON text, members in order of their names.
  public var text: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let text): return text
    case .string(let value): return Json.quoted(value)
    case .array(let items): return "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      let texts = members.sorted { $0.key < $1.key }.map { "\(Json.quoted($0)):\($1.text)" }
      return "{" + texts.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var output = ""
    output.appendJSON(text)
    return output
  }
}
