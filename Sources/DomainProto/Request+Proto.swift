public import Domain
public import LockboxProto
internal import StandardProto

extension CommonV1.Subject {
  public init(_ subject: Subject) {
    self.init(issuer: subject.issuer, id: subject.id, displayName: subject.displayName)
  }
}

extension Subject {
  public init(_ message: CommonV1.Subject) {
    self.init(issuer: message.issuer, id: message.id, displayName: message.displayName)
  }
}

extension CommonV1.Scope {
  public init(_ scope: Scope) {
    self.init(
      resources: scope.resources,
      actions: scope.actions.map { CommonV1.Action(rawValue: $0.rawValue) })
  }
}

extension Scope {
  /// Nil when absent, or when an action is none that this build knows.
  public init?(_ message: CommonV1.Scope?) {
    guard let message else { return nil }
    let actions = message.actions.compactMap { Action(rawValue: $0.rawValue) }
    guard actions.count == message.actions.count else { return nil }
    self.init(resources: message.resources, actions: actions)
  }
}

extension CommonV1.Terms {
  public init(_ terms: Terms) {
    self.init(
      scope: .init(terms.scope), duration: .init(terms.duration),
      startTime: terms.start.map { .init($0) })
  }
}

extension Terms {
  /// Reads terms that were stored; nil for what cannot have been.
  public init?(_ message: CommonV1.Terms) {
    guard let scope = Scope(message.scope), let duration = Duration(message.duration) else {
      return nil
    }
    var start: Timestamp?
    if let time = message.startTime {
      guard let read = Timestamp(time) else { return nil }
      start = read
    }
    self.init(scope: scope, duration: duration, start: start)
  }
}
