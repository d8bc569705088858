internal import ServiceKit
internal import Synchronization

/// What deliveries have come to since the start, over all destinations.
final class DeliveryCounts: Sendable {
  private struct State {
    var delivered = 0
    var failed = 0
    var givenUp = 0
    var missed = 0
  }

  private let state = Mutex(State())

  /// - Parameter failed: whether the attempt behind those that were delivered was not good.
  func add(delivered: Int, failed: Bool, givenUp: Int) {
    state.withLock { state in
      state.delivered += delivered
      state.failed += failed ? 1 : 0
      state.givenUp += givenUp
    }
  }

  func add(missed: Int) { state.withLock { $0.missed += missed } }

  func write(to text: inout MetricsText) {
    let state = state.withLock { $0 }
    let samples: [(StaticString, StaticString, Int)] = [
      ("lockbox_deliveries_total", "Entries delivered to destinations.", state.delivered),
      ("lockbox_delivery_failures_total", "Attempts that failed.", state.failed),
      ("lockbox_dead_letters_total", "Entries that were given up.", state.givenUp),
      (
        "lockbox_missed_deliveries_total", "Entries dropped before they could be sent.",
        state.missed
      ),
    ]
    for (name, help, value) in samples {
      text.describe(name, .counter, help)
      text.sample(name, value)
    }
  }
}
