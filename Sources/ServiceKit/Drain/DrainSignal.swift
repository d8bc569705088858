internal import Synchronization

/// Tells calls without end that the service stops: a drain would wait for them in vain.
final class DrainSignal: Sendable {
  private struct State {
    var isDraining = false
    var next: UInt64 = 0
    var tasks: [UInt64: RunningTask] = [:]
  }

  private let state = Mutex(State())

  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Cancels every task that has entered, and every one that will.
  func begin() {
    state.withLock { state in
      state.isDraining = true
      for task in state.tasks.values { task.cancel() }
    }
  }

  /// Enters a task until it leaves; `nil` when there is nothing to begin any more.
  fileprivate func enter(_ task: RunningTask) -> UInt64? {
    state.withLock { state in
      guard !state.isDraining else { return nil }
      state.next += 1
      state.tasks[state.next] = task
      return state.next
    }
  }

  fileprivate func leave(_ id: UInt64) { state.withLock { $0.tasks[id] = nil } }

  /// Runs a call that may never end by itself.
  ///
  /// - Parameter body: Is cancelled when the drain begins.
  /// - Returns: Whether the drain ended it.
  func run(_ body: () async throws -> Void) async throws -> Bool {
    try await withUnsafeCurrentTask { task in
      guard let task, let id = enter(RunningTask(task)) else { return true }
      // Under the lock of `begin`: the task is not cancelled after this, and it outlives this.
      defer { leave(id) }
      do {
        try await body()
        return false
      } catch {
        if isDraining { return true }
        throw error
      }
    }
  }
}

/// A task that is cancelled from elsewhere.
// Unchecked: `cancel` is one of the calls that UnsafeCurrentTask allows from other tasks, and the
// task cannot end while it is entered.
private struct RunningTask: @unchecked Sendable {
  private let task: UnsafeCurrentTask

  init(_ task: UnsafeCurrentTask) { self.task = task }

  func cancel() { task.cancel() }
}
