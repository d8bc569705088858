/// From when until when, both inclusive, seconds since the epoch.
public struct Validity: Sendable, Hashable {
  public var notBefore: Int64
  public var notAfter: Int64

  public init(notBefore: Int64, notAfter: Int64) {
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// Starts five minutes early, so that a peer whose clock is a little behind accepts it too.
  public init(from now: Int64, days: Int64) {
    self.init(notBefore: now - 300, notAfter: now + days * 86_400)
  }
}
