/// What the engineer is to get: what was asked for, or less. Whoever approves may narrow it instead
/// of denying; nobody can widen it again.
public struct Terms: Hashable, Sendable {
  public let scope: Scope
  /// How long access lasts from its start.
  public let duration: Duration
  /// Access begins at this moment, or with the last approval where that comes later. Nil: with the
  /// last approval.
  public let start: Timestamp?

  public init(scope: Scope, duration: Duration, start: Timestamp? = nil) {
    self.scope = scope
    self.duration = duration
    self.start = start
  }

  /// Whether nothing here goes beyond `wider`: a later start narrows too, since it was chosen.
  func isWithin(_ wider: Terms) -> Bool {
    guard scope.isWithin(wider.scope), duration <= wider.duration else { return false }
    guard let earliest = wider.start else { return true }
    return start.map { $0 >= earliest } ?? false
  }

  /// The window of a grant whose last approval comes at `approval`.
  func window(from approval: Timestamp) -> Range<Timestamp> {
    let start = max(approval, start ?? approval)
    return start..<start + duration
  }
}

extension RequestRecord {
  /// The terms as they stand: as the last approval that narrowed them left them, and before that
  /// what was asked for, within the longest access of the snapshot; an extension begins where the
  /// grant that it continues ends.
  public var terms: Terms {
    if let narrowed = decisions.last(where: { $0.terms != nil })?.terms { return narrowed }
    let longest = snapshot?.longestAccess ?? request.duration
    return Terms(
      scope: request.scope, duration: min(request.duration, longest), start: extended?.end)
  }
}
