internal import Domain
internal import Synchronization

/// What holds attempts back besides their lanes' own waits: the circuit of the mail server, which all
/// mails share, and how often one recipient is told.
final class Traffic: Sendable {
  private struct State {
    var mail = Circuit()
    var throttles: [Lane: Throttle] = [:]
  }

  private let state = Mutex(State())
  private let mailRate: Throttle.Rate
  private let onMailChange: @Sendable (_ isDown: Bool) -> Void
  /// Slack takes one message a second for each webhook, with short bursts; Teams some more.
  private static let channelRate = Throttle.Rate(burst: 10, perMinute: 60)
  /// Beyond, what is full is forgotten.
  private static let mostThrottles = 1_024

  /// - Parameter onMailChange: told when the mail server is left alone, and when it is well again.
  init(
    mailRate: Throttle.Rate, onMailChange: @escaping @Sendable (_ isDown: Bool) -> Void = { _ in }
  ) {
    self.mailRate = mailRate
    self.onMailChange = onMailChange
  }

  /// Whether an attempt on the lane may begin now. Whoever is let in tells how it went.
  func admit(_ lane: Lane, at now: Timestamp) -> Circuit.Admission {
    state.withLock { state in
      let rate = rate(of: lane)
      var throttle = state.throttles[lane] ?? Throttle(rate, at: now)
      let admission = throttle.take(rate, at: now)
      if state.throttles.count >= Self.mostThrottles {
        state.throttles = state.throttles.filter { !$1.isFull(self.rate(of: $0), at: now) }
      }
      state.throttles[lane] = throttle
      guard admission == .now, case .mail = lane else { return admission }
      return state.mail.admit(now)
    }
  }

  func tell(
    _ outcome: SendingOutcome, on lane: Lane, at now: Timestamp,
    using random: inout some RandomNumberGenerator
  ) {
    guard case .mail = lane else { return }
    let change = state.withLock { state -> Bool? in
      let wasDown = state.mail.isOpen
      switch outcome {
      // A server that refuses a mail is well.
      case .accepted, .refused, .gone: state.mail.succeeded()
      case .deferred, .unknown: state.mail.failed(now, using: &random)
      }
      return wasDown == state.mail.isOpen ? nil : state.mail.isOpen
    }
    if let change { onMailChange(change) }
  }

  /// There was nothing to send after all.
  func untried(_ lane: Lane) {
    guard case .mail = lane else { return }
    state.withLock { $0.mail.untried() }
  }

  /// Whether the mail server is left alone.
  var isMailDown: Bool { state.withLock { $0.mail.isOpen } }

  private func rate(of lane: Lane) -> Throttle.Rate {
    switch lane {
    case .mail: mailRate
    case .channel: Self.channelRate
    }
  }
}
