internal import Glibc

/// State that threads share under a mutex and can wait on: for threads that may block, never for
/// tasks.
// @unchecked: `state` is only touched with the mutex held.
public final class Monitor<State: Sendable>: @unchecked Sendable {
  private var state: State
  /// Owned, at fixed addresses as pthread demands: destroyed and freed in `deinit`.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init(_ state: State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Looks at or changes the state without telling anybody.
  public func withLock<R>(_ body: (inout State) throws -> R) rethrows -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Changes the state and wakes one waiter.
  public func update<R>(_ body: (inout State) throws -> R) rethrows -> R {
    defer { pthread_cond_signal(condition) }
    return try withLock(body)
  }

  /// Changes the state and wakes all waiters.
  public func updateAll<R>(_ body: (inout State) throws -> R) rethrows -> R {
    defer { pthread_cond_broadcast(condition) }
    return try withLock(body)
  }

  /// Blocks this thread until `body` has an answer.
  public func wait<R>(_ body: (inout State) -> R?) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      // Each look is an access of its own: one that lasted over the wait would overlap with those
      // of the threads that change the state meanwhile.
      if let answer = body(&state) { return answer }
      pthread_cond_wait(condition, mutex)
    }
  }
}
