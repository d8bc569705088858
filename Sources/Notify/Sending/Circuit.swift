internal import Domain
internal import RPC

/// Whether something that many lanes share is asked at all: after some failures in a row it is left
/// alone for a while, then one of them probes. Pure, with the moment from outside.
struct Circuit: Hashable, Sendable {
  private(set) var failures = 0
  private(set) var openUntil: Timestamp?
  private var isProbing = false

  /// Failures of single recipients come between good attempts; so many in a row are the server's.
  static let mostFailures = 5
  static let backoff = Backoff(
    initial: .seconds(1), multiplier: 2, jitter: 0.2, maximum: .seconds(60))

  var isOpen: Bool { failures >= Self.mostFailures }

  /// Whether an attempt may begin; otherwise when to ask again.
  mutating func admit(_ now: Timestamp) -> Admission {
    guard isOpen else { return .now }
    // Further away than any wait of ours: the clock was set back.
    if let openUntil, now < openUntil, openUntil - now <= Self.longestWait { return .at(openUntil) }
    guard !isProbing else { return .at(now + .seconds(1)) }
    isProbing = true
    return .now
  }

  enum Admission: Hashable, Sendable {
    case now
    case at(Timestamp)
  }

  /// Whoever was let in has not tried after all.
  mutating func untried() { isProbing = false }

  mutating func succeeded() { self = Circuit() }

  mutating func failed(_ now: Timestamp, using random: inout some RandomNumberGenerator) {
    // Of those that were let in before it opened, each would make the wait longer.
    guard !isOpen || isProbing else { return }
    failures += 1
    isProbing = false
    guard isOpen else { return }
    let delay = Self.backoff.delay(
      afterFailures: failures - Self.mostFailures + 1, using: &random)
    openUntil = now + delay
  }

  private static let longestWait = backoff.maximum * (1 + backoff.jitter)
}
