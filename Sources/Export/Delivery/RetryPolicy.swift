internal import Domain
internal import Outbound
internal import RPC

/// How far deliveries to one destination have come.
struct DeliveryProgress: Hashable, Sendable {
  /// The index of the entry that is sent next.
  var next: UInt64
  /// Attempts that failed, one after the other, whatever was sent.
  var failures = 0
  /// Attempts on the entry that is sent next.
  var attempts = 0
  /// Not before then; nil: at once.
  var notBefore: Timestamp?
  var lastFailure = ""
  /// The receiver said that it is gone.
  var isDisabled = false

  init(next: UInt64) {
    self.next = next
  }

  mutating func disable() {
    isDisabled = true
    lastFailure = "the receiver answered 410: it is gone"
  }
}

/// When to try again and when to give up: pure, with the moment and the randomness from outside.
struct RetryPolicy: Hashable, Sendable {
  /// Between attempts. Standard Webhooks goes up to a day, each message by itself; here the entries
  /// behind wait too, in their order, so that a probe every few minutes is the better schedule.
  var backoff = Backoff(
    initial: .seconds(1), multiplier: 2, jitter: 0.2, maximum: .seconds(300))
  /// An entry older than this is given up when an attempt on it fails.
  var longestAge = Duration.hours(72)
  /// An entry that the receiver does not take is given up after so many attempts.
  var mostRefusals = 5
  /// The longest `Retry-After` that is obeyed.
  var longestRetryAfter = Duration.hours(1)

  /// No wait between attempts is longer.
  var longestWait: Duration {
    max(longestRetryAfter, backoff.maximum * (1 + backoff.jitter))
  }

  enum Verdict: Hashable, Sendable {
    case advance
    case wait
    /// Kept as a dead letter; the next one is sent.
    case giveUp
    case disable
  }

  /// - Parameter eventTime: When the entry's event happened.
  func apply(
    _ outcome: DeliveryOutcome, to progress: inout DeliveryProgress, eventTime: Timestamp,
    now: Timestamp, using random: inout some RandomNumberGenerator
  ) -> Verdict {
    switch outcome {
    case .delivered:
      progress = DeliveryProgress(next: progress.next + 1)
      return .advance
    case .gone:
      progress.disable()
      return .disable
    case .failed(let reason, let retryAfter):
      fail(reason, &progress)
      let delay = backoff.delay(afterFailures: progress.failures, using: &random)
      progress.notBefore = now + max(delay, min(retryAfter ?? .zero, longestRetryAfter))
      return giveUp(now - eventTime > longestAge, &progress)
    case .refused(let reason):
      fail(reason, &progress)
      progress.notBefore = now + backoff.delay(afterFailures: progress.attempts, using: &random)
      let verdict = giveUp(
        progress.attempts >= mostRefusals || now - eventTime > longestAge, &progress)
      // The receiver answers: nothing speaks against sending the next one.
      if verdict == .giveUp { progress.notBefore = nil }
      return verdict
    }
  }

  private func fail(_ reason: String, _ progress: inout DeliveryProgress) {
    progress.failures += 1
    progress.attempts += 1
    progress.lastFailure = reason
  }

  private func giveUp(_ isTime: Bool, _ progress: inout DeliveryProgress) -> Verdict {
    guard isTime else { return .wait }
    progress.next += 1
    progress.attempts = 0
    return .giveUp
  }
}
