internal import StrictJSON

/// What the pages say in one language. A key is `area.thing`, and in a template `{{t.area.thing}}`.
struct Texts: Sendable {
  let language: Language
  let flat: [String: String]
  /// The same by the words of the keys, for templates.
  let tree: [String: any Sendable]

  /// - Parameter files: the language's JSON objects of keys and texts, by file name.
  /// - Throws: what is wrong with them, for a test.
  init(_ language: Language, files: [String: [UInt8]]) throws {
    var flat: [String: String] = [:]
    for (name, bytes) in files {
      guard case .object(let members) = try JsonParser.parse(bytes) else {
        throw TextFault("\(name) is no object")
      }
      for (key, value) in members {
        guard let text = value.string else { throw TextFault("\(name): \(key) is no text") }
        guard flat.updateValue(text, forKey: key) == nil else {
          throw TextFault("\(name): \(key) stands twice")
        }
      }
    }
    self.language = language
    self.flat = flat
    tree = Self.tree(flat.map { ($0.key.split(separator: "."), $0.value) })
  }

  private static func tree(_ entries: [([Substring], String)]) -> [String: any Sendable] {
    var tree: [String: any Sendable] = [:]
    for (name, group) in Dictionary(grouping: entries, by: { $0.0.first ?? "" }) {
      let leaf = group.first { $0.0.count == 1 }?.1
      let below = group.filter { $0.0.count > 1 }.map { (Array($0.0.dropFirst()), $0.1) }
      precondition(leaf == nil || below.isEmpty, "the key \(name) is a text and a group")
      tree[String(name)] = leaf ?? self.tree(below)
    }
    return tree
  }

  /// A text, its `{name}` places filled. A key that does not exist stands for itself.
  func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
    guard var text = flat[key] else {
      assertionFailure("there is no text \(key) in \(language.rawValue)")
      return key
    }
    for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
    return text
  }

  /// A text where there is one.
  func find(_ key: String) -> String? { flat[key] }

  /// A text of a number: `key.one` for one, `key.other` for the rest, with `{count}`.
  func count(_ key: String, _ count: Int, _ values: [String: String] = [:]) -> String {
    self(
      "\(key).\(count == 1 ? "one" : "other")",
      values.merging(["count": "\(count)"]) { own, _ in own })
  }
}

struct TextFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
