/// What may be touched, and how.
public struct Scope: Hashable, Sendable {
  /// Hierarchical names, for instance `mailboxes/alice@example.com`.
  public let resources: [String]
  public let actions: [Action]

  public init(resources: [String], actions: [Action]) {
    self.resources = resources
    self.actions = actions
  }
}

extension Scope {
  /// Whether everything here is in `wider` too: each resource itself, or one above it in the
  /// hierarchy, and each action. Names are compared as bytes: no two spellings are one resource.
  public func isWithin(_ wider: Scope) -> Bool {
    Set(actions).isSubset(of: wider.actions)
      && resources.allSatisfy { resource in
        wider.resources.contains { resource.isAtOrUnder($0) }
      }
  }
}

extension String {
  fileprivate func isAtOrUnder(_ other: String) -> Bool {
    guard utf8.starts(with: other.utf8) else { return false }
    let rest = utf8.dropFirst(other.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "/")
  }
}
