public import Domain
public import LockboxProto

/// From when to when a grant, or a token whose grant is not known, gave access.
public struct AccessWindow: Hashable, Sendable {
  /// Empty where only a token is known.
  public let grant: CommonV1.Grant?
  public let grantID: String
  /// The entry that opened it.
  public let entry: UInt64
  public let start: Timestamp
  /// As granted.
  public let end: Timestamp
  /// The entry that ended it early, and when.
  public internal(set) var closing: Closing?
  /// The last of its tokens lives until then: an enforcement point that only checks tokens takes it
  /// for so long, revoked or not.
  public internal(set) var lastTokenEnd: Timestamp?
  public internal(set) var tokens: [UInt64] = []

  public struct Closing: Hashable, Sendable {
    public let entry: UInt64
    public let time: Timestamp
  }

  init(grant: CommonV1.Grant?, id: String, entry: UInt64, start: Timestamp, end: Timestamp) {
    self.grant = grant
    grantID = id
    self.entry = entry
    self.start = start
    self.end = end
  }

  /// Nothing is open from this moment on.
  public var over: Timestamp {
    guard let closing else { return max(end, lastTokenEnd ?? end) }
    return max(closing.time, lastTokenEnd ?? closing.time)
  }

  /// Whether there was access at any moment of the period.
  public func isOpen(in period: Range<Timestamp>) -> Bool {
    max(start, period.lowerBound) < min(over, period.upperBound)
  }
}
