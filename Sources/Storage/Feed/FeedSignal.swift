internal import Synchronization

/// Tells waiting tasks that the feed has grown, right after the commit and without polling.
final class FeedSignal: Sendable {
  private struct State {
    var last: UInt64
    var end: StorageError?
    var nextID: UInt64 = 0
    var waiting: [UInt64: Waiter] = [:]
  }

  private struct Waiter {
    let after: UInt64
    let continuation: CheckedContinuation<UInt64, any Error>
  }

  private let state: Mutex<State>

  init(last: UInt64) {
    state = Mutex(State(last: last))
  }

  /// The last durable sequence; 0 for none.
  var last: UInt64 { state.withLock { $0.last } }

  /// Waits until the last durable sequence is above `sequence`.
  /// - Returns: the last durable sequence.
  /// - Throws: `CancellationError`; the `StorageError` that ended the database.
  func wait(after sequence: UInt64) async throws -> UInt64 {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let answer = register(Waiter(after: sequence, continuation: continuation), id)
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiting.removeValue(forKey: id) }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }

  /// - Returns: the answer, when there is no need to wait.
  private func register(_ waiter: Waiter, _ id: UInt64) -> Result<UInt64, any Error>? {
    state.withLock { state in
      if state.last > waiter.after { return .success(state.last) }
      if let end = state.end { return .failure(end) }
      // Cancellation is marked before its handler runs, and that handler needs this lock: either
      // it is seen here, or the handler will find the waiter.
      if Task.isCancelled { return .failure(CancellationError()) }
      state.waiting[id] = waiter
      return nil
    }
  }

  /// By the writer thread, after the commit and before its acknowledgements.
  func advance(to last: UInt64) {
    let woken = state.withLock { state -> [Waiter] in
      guard last > state.last else { return [] }
      state.last = last
      let woken = state.waiting.filter { $0.value.after < last }
      for id in woken.keys { state.waiting[id] = nil }
      return Array(woken.values)
    }
    for waiter in woken { waiter.continuation.resume(returning: last) }
  }

  /// Ends all waiting, now and later; the first reason stays.
  func close(_ reason: StorageError) {
    let ended = state.withLock { state in
      if state.end == nil { state.end = reason }
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for waiter in ended { waiter.continuation.resume(throwing: reason) }
  }
}
