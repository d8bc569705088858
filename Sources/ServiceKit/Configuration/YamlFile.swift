internal import Files
internal import Yams

/// A YAML file of nested mappings whose leaves are single values.
enum YamlFile {
  /// Reads the one document that a file holds; an empty file is an empty mapping.
  static func root(_ path: String) throws(StartError) -> Node {
    let text: String
    do {
      text = try File.readText(path)
    } catch {
      throw .configuration("The configuration file \(error).")
    }
    do {
      return try compose(yaml: text) ?? Node([(Node, Node)]())
    } catch let error as YamlError {
      throw .configuration("\(path) is not valid YAML: \(oneLine("\(error)")).")
    } catch {
      throw .configuration("\(path) is not valid YAML.")
    }
  }

  /// The leaves of a mapping by dotted path.
  static func leaves(
    of node: Node, file: String, under prefix: String = ""
  ) throws(StartError) -> [String: RawSetting] {
    guard let mapping = node.mapping else {
      throw .configuration(
        "\(place(node, file)) must be a mapping of keys to values\(prefix.named("in")).")
    }
    var leaves: [String: RawSetting] = [:]
    for (name, value) in mapping {
      guard case .scalar(let scalar) = name else {
        throw .configuration("\(place(name, file)): a key must be a plain word.")
      }
      let key = prefix.isEmpty ? scalar.string : "\(prefix).\(scalar.string)"
      switch value {
      case .scalar(let leaf):
        leaves[key] = RawSetting(leaf.string, .file(path: file, line: line(value)))
      case .mapping:
        leaves.merge(try self.leaves(of: value, file: file, under: key)) { _, new in new }
      case .sequence, .alias:
        throw .configuration("\(place(value, file)): `\(key)` must be a single value.")
      }
    }
    return leaves
  }

  static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

  static func place(_ node: Node, _ file: String) -> String { "\(file):\(line(node))" }

  /// The parser's complaint spans lines and draws arrows; a sentence does not.
  private static func oneLine(_ text: String) -> String {
    text.split(separator: "\n").first.map(String.init) ?? "unreadable"
  }
}

extension String {
  fileprivate func named(_ word: String) -> String { isEmpty ? "" : " \(word) `\(self)`" }
}
