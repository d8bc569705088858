internal import Words
internal import Yams

/// A mapping whose keys are all known: every other one is a problem, with what was probably meant.
struct YamlMapping {
  let line: Int
  private let path: String
  private let values: [String: Node]

  /// - Parameters:
  ///   - path: dotted, empty for a document.
  ///   - name: what the mapping is, for complaints: `a Tenant`.
  init?(
    _ node: Node, path: String = "", name: String, keys: [String], _ problems: inout YamlProblems
  ) {
    line = node.mark?.line ?? 1
    self.path = path
    guard let mapping = node.mapping else {
      problems.add(
        line, "\(path.isEmpty ? "this" : "`\(path)`") must be a mapping of keys to values")
      return nil
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      let word = key.string ?? ""
      guard keys.contains(word) else {
        let hint =
          NearestWord.to(word, among: keys).map { "did you mean `\($0)`?" }
          ?? "known are \(keys.map { "`\($0)`" }.joined(separator: ", "))"
        problems.add(
          key.mark?.line ?? line, "`\(Printable.line(word))` is no key of \(name); \(hint)")
        continue
      }
      values[word] = value
    }
    self.values = values
  }

  func has(_ key: String) -> Bool { values[key] != nil }

  /// The line of a key, or of the mapping.
  func line(of key: String) -> Int { values[key]?.mark?.line ?? line }

  func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func text(_ key: String, _ problems: inout YamlProblems) -> String? {
    guard let node = values[key] else { return nil }
    guard case .scalar(let scalar) = node else {
      problems.add(line(of: key), "`\(path(key))` must be a single value")
      return nil
    }
    return scalar.string
  }

  func require(_ key: String, _ expectation: String, _ problems: inout YamlProblems) {
    if !has(key) { problems.add(line, "`\(path(key))` is missing: write \(expectation)") }
  }

  func required(_ key: String, _ expectation: String, _ problems: inout YamlProblems) -> String? {
    require(key, expectation, &problems)
    return text(key, &problems)
  }

  /// A value of another type than text.
  func value<Value>(
    _ key: String, _ expectation: String, _ problems: inout YamlProblems,
    _ parse: (String) -> Value?
  ) -> Value? {
    guard let text = text(key, &problems) else { return nil }
    if let value = parse(text) { return value }
    problems.add(
      line(of: key), "`\(path(key))` must be \(expectation); it is `\(Printable.line(text))`")
    return nil
  }

  func flag(_ key: String, _ problems: inout YamlProblems) -> Bool? {
    value(key, "`true` or `false`", &problems) { Bool($0) }
  }

  func count(_ key: String, _ problems: inout YamlProblems) -> Int? {
    value(key, "a whole number", &problems) { Int($0) }
  }

  func duration(_ key: String, _ problems: inout YamlProblems) -> Duration? {
    value(key, TimeSpan.expectation, &problems) { TimeSpan(parsing: $0)?.duration }
  }

  /// A list of single values; none when there is no such key.
  func texts(_ key: String, _ problems: inout YamlProblems) -> [String] {
    list(key, &problems).compactMap { node in
      guard case .scalar(let scalar) = node else {
        problems.add(node.mark?.line ?? line, "`\(path(key))` must be a list of single values")
        return nil
      }
      return scalar.string
    }
  }

  /// A list; none when there is no such key.
  func list(_ key: String, _ problems: inout YamlProblems) -> [Node] {
    guard let node = values[key] else { return [] }
    guard let sequence = node.sequence else {
      problems.add(line(of: key), "`\(path(key))` must be a list")
      return []
    }
    return Array(sequence)
  }

  func mapping(
    _ key: String, name: String, keys: [String], _ problems: inout YamlProblems
  ) -> YamlMapping? {
    guard let node = values[key] else { return nil }
    return YamlMapping(node, path: path(key), name: name, keys: keys, &problems)
  }

  /// All keys and texts of a mapping whose keys are names.
  static func names(
    _ node: Node?, path: String, _ problems: inout YamlProblems
  ) -> [(name: String, text: String, line: Int)] {
    guard let node else { return [] }
    guard let mapping = node.mapping else {
      problems.add(node.mark?.line ?? 1, "`\(path)` must be a mapping of names to values")
      return []
    }
    return mapping.compactMap { key, value in
      guard case .scalar(let text) = value else {
        problems.add(value.mark?.line ?? 1, "`\(path).\(key.string ?? "")` must be a single value")
        return nil
      }
      return (key.string ?? "", text.string, key.mark?.line ?? 1)
    }
  }

  func node(_ key: String) -> Node? { values[key] }
}
