public import Domain
public import LockboxProto

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

  /// Reads the terms that somebody asks for, and judges them as far as their words go. Whatever is
  /// wrong is added to the violations; nil only with a violation added.
  public init?(_ message: CommonV1.Terms, _ field: String, _ violations: inout Violations) {
    let scope = violations.scope(message.scope, "\(field).scope")
    let duration = violations.unwrap(
      Duration(message.duration), "\(field).duration", "is missing or no valid duration")
    if let duration { violations.accessDuration(duration, "\(field).duration") }
    var start: Timestamp?
    if let time = message.startTime {
      start = violations.unwrap(Timestamp(time), "\(field).start_time", "is no valid time")
      if start == nil { return nil }
    }
    guard let scope, let duration else { return nil }
    self.init(scope: scope, duration: duration, start: start)
  }
}

extension Violations {
  /// A scope that somebody asks for, judged as a whole even where an action of it is unknown.
  public mutating func scope(_ message: CommonV1.Scope?, _ field: String) -> Scope? {
    guard let message = unwrap(message, field, "is missing") else { return nil }
    let actions = message.actions.enumerated().compactMap { index, action in
      unwrap(
        Action(rawValue: action.rawValue), "\(field).actions[\(index)]", "is missing or unknown")
    }
    let scope = Scope(resources: message.resources, actions: actions)
    self.scope(scope, field)
    return scope
  }
}
