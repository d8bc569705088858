internal import Foundation

/// All strings of a JSON text, as another reader finds them.
struct JSONStrings {
  private(set) var all: Set<String> = []

  init(_ text: String) throws {
    collect(try JSONSerialization.jsonObject(with: Data(text.utf8)))
  }

  private mutating func collect(_ value: Any) {
    if let text = value as? String { all.insert(text) }
    if let list = value as? [Any] { for element in list { collect(element) } }
    if let object = value as? [String: Any] { for element in object.values { collect(element) } }
  }
}
