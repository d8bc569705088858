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
