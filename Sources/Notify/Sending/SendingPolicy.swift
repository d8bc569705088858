internal import Domain
internal import RPC

/// When to try again and when to give up: pure, with the moment and the randomness from outside.
struct SendingPolicy: Hashable, Sendable {
  /// Between attempts on a lane. What waits behind goes when it goes: a probe every few minutes is
  /// the better schedule.
  var backoff = Backoff(
    initial: .seconds(1), multiplier: 2, jitter: 0.2, maximum: .seconds(300))
  /// A notice older than this is given up when an attempt on it fails.
  var patience = Duration.hours(72)
  /// The longest wait that a receiver may ask for.
  var longestRetryAfter = Duration.hours(1)
  /// Of one digest.
  var mostInDigest = 50

  /// What a failed attempt leaves.
  func fail(
    _ state: inout LaneState, _ outcome: SendingOutcome, now: Timestamp,
    using random: inout some RandomNumberGenerator
  ) {
    state.failures += 1
    state.lastFailure = outcome.reason
    var delay = backoff.delay(afterFailures: state.failures, using: &random)
    if case .deferred(_, let retryAfter?) = outcome {
      delay = max(delay, min(retryAfter, longestRetryAfter))
    }
    state.notBefore = now + delay
  }

  /// Whether a notice has been tried for long enough.
  func givesUp(_ notice: StoredNotice, now: Timestamp) -> Bool {
    now - notice.created > patience
  }
}
