/// The path of a route: words, `:name` for any one segment, and at the end `*` for one or more.
struct RoutePattern: Sendable, CustomStringConvertible {
  private enum Part: Sendable, Hashable {
    case word(String)
    case parameter(String)
  }

  let description: String
  private let parts: [Part]
  private let takesRest: Bool

  /// - Precondition: begins with a slash; `*` only at the end.
  init(_ text: String) {
    precondition(text.hasPrefix("/"), "the pattern \(text) does not begin with a slash")
    description = text
    var segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    takesRest = segments.last == "*"
    if takesRest { segments.removeLast() }
    precondition(!segments.contains("*"), "the pattern \(text) has * elsewhere than at the end")
    parts = segments.map { segment in
      segment.hasPrefix(":")
        ? .parameter(String(segment.dropFirst())) : .word(String(segment))
    }
  }

  /// The parameters and the rest, where the path fits.
  func match(_ path: [String]) -> (parameters: [String: String], rest: ArraySlice<String>)? {
    guard takesRest ? path.count > parts.count : path.count == parts.count else { return nil }
    var parameters: [String: String] = [:]
    for (part, segment) in zip(parts, path) {
      switch part {
      // Bytes decide, not Swift's canonical equivalence of strings.
      case .word(let word): guard word.utf8.elementsEqual(segment.utf8) else { return nil }
      case .parameter(let name): parameters[name] = segment
      }
    }
    return (parameters, path.dropFirst(parts.count))
  }
}
