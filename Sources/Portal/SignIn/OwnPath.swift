internal import Web

/// A path and query of the portal itself: where a browser may be sent on to.
struct OwnPath: Hashable, Sendable {
  let text: String

  static let home = OwnPath(unchecked: "/")
  private static let longest = 2_048

  private init(unchecked text: String) { self.text = text }

  /// Nil for everything that some browser could take for another host's: it is taken apart, and put
  /// together again out of nothing but path segments and a query.
  init?(_ text: String) {
    guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      !text.contains("\\"), !text.contains("#"), let target = LocalTarget(text)
    else { return nil }
    self.init(unchecked: target.description)
  }
}
