internal import Synchronization

/// A door that a test closes to hold somebody up, and that tells how many wait before it.
final class Door: Sendable {
  private struct State {
    var isClosed = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var arrivals: [(count: Int, CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  func close() { state.withLock { $0.isClosed = true } }

  /// Opens the door and lets everybody through.
  func open() {
    let waiting = state.withLock { state in
      state.isClosed = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func pass() async {
    await withCheckedContinuation { continuation in
      let told = state.withLock { state -> [CheckedContinuation<Void, Never>] in
        guard state.isClosed else { return [continuation] }
        state.waiting.append(continuation)
        let count = state.waiting.count
        let told = state.arrivals.filter { $0.count <= count }.map(\.1)
        state.arrivals.removeAll { $0.count <= count }
        return told
      }
      for continuation in told { continuation.resume() }
    }
  }

  /// Waits until somebody stands before the closed door.
  func arrival() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if !state.waiting.isEmpty { return true }
        state.arrivals.append((1, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}
