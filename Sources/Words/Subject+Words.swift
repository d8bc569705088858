public import LockboxProto

extension CommonV1.Subject {
  /// `Erin Example (erin)`, or the id alone.
  public var short: String {
    displayName.isEmpty || displayName == id ? id : "\(displayName) (\(id))"
  }

  /// With the issuer: display names and ids alone prove nothing.
  public var full: String { "\(short) of \(issuer)" }
}
