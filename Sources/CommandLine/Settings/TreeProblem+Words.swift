internal import ProtobufC

extension TreeProblem.Reason {
  /// What is wrong with the field at `path` of a document, and what would be right.
  func sentence(in path: String, of kind: SettingsKind) -> String {
    switch self {
    case .unknownField(let known):
      let parent = path.lastIndex(of: ".").map { "`\(path[..<$0])`" } ?? "a \(kind.word)"
      let own = parent.hasPrefix("`") ? [] : ["kind", "if_version"]
      let name = String(
        path[(path.lastIndex(of: ".").map(path.index(after:)) ?? path.startIndex)...])
      return "is no field of \(parent); \(Self.hint(name, known + own))"
    case .repeatedField: return "stands twice"
    case .alsoGiven(let other): return "cannot stand beside `\(other)`: write one of them"
    case .noMapping: return "must be a mapping of names to values"
    case .noList: return "must be a list"
    case .noScalar: return "must be a single value"
    case .empty: return "is empty: write a value, or leave it out"
    case .malformed(let expectation, let found):
      return "must be \(expectation.words); it is `\(found)`"
    case .unknownEnumValue(let known, let found):
      return "`\(found)` is no such value; \(Self.hint(found, known))"
    case .undecodable(let reason): return "\(reason)"
    }
  }

  private static func hint(_ word: String, _ known: [String]) -> String {
    NearestWord.to(word, among: known).map { "did you mean `\($0)`?" }
      ?? "known are \(known.map { "`\($0)`" }.joined(separator: ", "))"
  }
}

extension TreeProblem.Expectation {
  fileprivate var words: String {
    switch self {
    case .boolean: "`true` or `false`, without quotes"
    case .integer(let range): "a whole number between \(range.lowerBound) and \(range.upperBound)"
    case .unsigned(let range): "a whole number up to \(range.upperBound)"
    case .number: "a number"
    case .base64: "base64"
    case .duration: TimeSpan.expectation
    case .timestamp: "a time such as 2026-12-24T18:00:00Z"
    case .text: "a text"
    }
  }
}
