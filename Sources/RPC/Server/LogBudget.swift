internal import Synchronization

/// So many lines of the log for what anybody can cause, who could fill it otherwise.
final class LogBudget: Sendable {
  private struct State {
    var budget: EventBudget
    var unlogged = 0
  }
  private let state: Mutex<State>

  init(_ rate: EventRate) {
    state = Mutex(State(budget: EventBudget(rate)))
  }

  /// Nil when there is to be no line now; else how many events went without one since the last.
  func spend() -> Int? {
    state.withLock { state in
      guard state.budget.spend(at: .now) else {
        state.unlogged += 1
        return nil
      }
      defer { state.unlogged = 0 }
      return state.unlogged
    }
  }
}
