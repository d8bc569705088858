public import Domain
public import LockboxProto

extension CommonV1.Scope {
  public init(_ scope: Scope) {
    self.init(
      resources: scope.resources,
      actions: scope.actions.map { CommonV1.Action(rawValue: $0.rawValue) })
  }
}

extension Scope {
  /// Nil when an action is none that this build knows.
  public init?(_ message: CommonV1.Scope?) {
    guard let message else { return nil }
    let actions = message.actions.compactMap { Action(rawValue: $0.rawValue) }
    guard actions.count == message.actions.count else { return nil }
    self.init(resources: message.resources, actions: actions)
  }
}
