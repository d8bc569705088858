/// A target of this server, taken apart and put together again: whatever it was, it leads to no
/// other host.
public struct LocalTarget: Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// Nil for another form than a path with a query, for empty segments but the last (`//host` is a
  /// host to browsers), and for what does not decode to UTF-8.
  public init?(_ text: String) {
    guard let target = RequestTarget(text), target.segments.dropLast().allSatisfy({ !$0.isEmpty }),
      target.segments.allSatisfy({ segment in
        // Some decode a slash or a backslash and begin again.
        !segment.utf8.contains { $0 < 0x20 || $0 == 0x7f || $0 == 0x2f || $0 == 0x5c }
      })
    else { return nil }
    let path = "/" + target.segments.map(FormText.encode).joined(separator: "/")
    description = target.query.isEmpty ? path : path + "?" + FormText.text(target.query)
  }
}
