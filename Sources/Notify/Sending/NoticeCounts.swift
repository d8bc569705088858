internal import ServiceKit
internal import Synchronization

/// What notices have come to since the start.
final class NoticeCounts: Sendable {
  private struct State {
    var delivered = 0
    var failed = 0
    var givenUp = 0
    var disabled = 0
    var waiting = 0
    var deadLetters = 0
  }

  private let state = Mutex(State())

  func add(_ settled: Settled) {
    state.withLock { state in
      state.delivered += settled.delivered
      state.failed += settled.isFailure ? 1 : 0
      state.givenUp += settled.givenUp
      state.disabled += settled.isDisabled ? 1 : 0
    }
  }

  /// What the store holds, over all lanes.
  func set(waiting: Int, deadLetters: Int) {
    state.withLock {
      $0.waiting = waiting
      $0.deadLetters = deadLetters
    }
  }

  func write(to text: inout MetricsText, isMailDown: Bool) {
    let state = state.withLock { $0 }
    let counters: [(StaticString, StaticString, Int)] = [
      ("lockbox_notices_delivered_total", "Notices that were taken over.", state.delivered),
      ("lockbox_notice_failures_total", "Attempts that failed.", state.failed),
      ("lockbox_notices_given_up_total", "Notices that were given up.", state.givenUp),
      ("lockbox_channels_disabled_total", "Channels whose receiver was gone.", state.disabled),
    ]
    for (name, help, value) in counters {
      text.describe(name, .counter, help)
      text.sample(name, value)
    }
    text.describe("lockbox_notices_waiting", .gauge, "Notices that wait.")
    text.sample("lockbox_notices_waiting", state.waiting)
    text.describe("lockbox_notice_dead_letters", .gauge, "Notices that were given up and kept.")
    text.sample("lockbox_notice_dead_letters", state.deadLetters)
    text.describe("lockbox_mail_circuit_open", .gauge, "1 while the mail server is left alone.")
    text.sample("lockbox_mail_circuit_open", isMailDown ? 1 : 0)
  }
}
