internal import Synchronization

/// Tasks that run what an open loop begins. One that has ended an operation waits for the next: to
/// resume it costs half of what a new task does. There are as many as were in flight at once.
final class Crew: Sendable {
  /// An operation that is due.
  struct Arrival: Sendable {
    let due: Instant
    let scenario: Int
    let lane: Int
  }

  private struct State {
    /// By lane; the last one that came is the first to go.
    var idle: [[CheckedContinuation<Arrival?, Never>]]
    var isDismissed = false
  }
  private let state: Mutex<State>

  init(lanes: Int) {
    state = Mutex(State(idle: Array(repeating: [], count: lanes)))
  }

  /// Has an idle task of the arrival's lane run it. False when there is none.
  func hand(_ arrival: Arrival) -> Bool {
    let worker = state.withLock { $0.idle[arrival.lane].popLast() }
    worker?.resume(returning: arrival)
    return worker != nil
  }

  /// Waits for an arrival on a lane; nil when there will be none.
  func next(on lane: Int) async -> Arrival? {
    await withCheckedContinuation { worker in
      let isDismissed = state.withLock { state in
        if !state.isDismissed { state.idle[lane].append(worker) }
        return state.isDismissed
      }
      if isDismissed { worker.resume(returning: nil) }
    }
  }

  /// There will be no more arrivals: tasks end when their operation has.
  func dismiss() {
    let idle = state.withLock { state in
      state.isDismissed = true
      defer { state.idle = Array(repeating: [], count: state.idle.count) }
      return state.idle
    }
    for worker in idle.joined() { worker.resume(returning: nil) }
  }
}
