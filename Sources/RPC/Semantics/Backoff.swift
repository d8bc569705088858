/// How long to wait before the next attempt: exponential, capped, with jitter, so that many clients
/// of one restarted server do not come back at the same moment.
///
/// Source: gRPC `doc/connection-backoff.md`, whose figures are the defaults.
public struct Backoff: Sendable, Hashable {
  /// Before the second attempt.
  public var initial: Duration
  /// From one attempt to the next.
  public var multiplier: Double
  /// The share by which a delay is lengthened or shortened at random, from 0 to 1.
  public var jitter: Double
  /// No delay is longer than this, jitter aside.
  public var maximum: Duration

  public init(
    initial: Duration = .seconds(1), multiplier: Double = 1.6, jitter: Double = 0.2,
    maximum: Duration = .seconds(120)
  ) {
    self.initial = initial
    self.multiplier = multiplier
    self.jitter = jitter
    self.maximum = maximum
  }

  /// The delay after so many failures in a row (1 or more).
  public func delay(
    afterFailures failures: Int, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let ceiling = maximum / .seconds(1)
    var seconds = initial / .seconds(1)
    for _ in 1..<max(failures, 1) where seconds < ceiling { seconds *= multiplier }
    let factor = jitter > 0 ? Double.random(in: (1 - jitter)...(1 + jitter), using: &random) : 1
    return .seconds(min(seconds, ceiling) * factor)
  }
}
