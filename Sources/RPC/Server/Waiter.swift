internal import NIOCore

/// One task that waits on the loop for something to change. Resumed by whoever changes it, or by
/// the task's cancellation, in whatever order these come.
///
/// Confined to the loop that it is used on.
final class Waiter: @unchecked Sendable {
  // Unchecked: created anywhere, but read and written on the loop only.
  private var continuation: CheckedContinuation<Void, any Error>?
  private var isCancelled = false
  private var isReady = false

  func resume() {
    isReady = true
    continuation?.resume()
    continuation = nil
  }

  fileprivate func cancel() {
    isCancelled = true
    continuation?.resume(throwing: CancellationError())
    continuation = nil
  }

  fileprivate func wait(_ continuation: CheckedContinuation<Void, any Error>) {
    if isCancelled {
      continuation.resume(throwing: CancellationError())
    } else if isReady {
      continuation.resume()
    } else {
      self.continuation = continuation
    }
  }
}

extension LoopExecutor {
  /// Suspends until `register`, called on the loop, has seen to it that the waiter is resumed.
  ///
  /// - Throws: `CancellationError`.
  nonisolated(nonsending) func wait(_ register: @escaping @Sendable (Waiter) -> Void) async throws {
    let waiter = Waiter()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        runOnLoop {
          register(waiter)
          waiter.wait(continuation)
        }
      }
    } onCancel: {
      loop.execute { waiter.cancel() }
    }
  }

  /// Runs at once when already on the loop.
  func runOnLoop(_ body: @escaping @Sendable () -> Void) {
    if loop.inEventLoop { body() } else { loop.execute(body) }
  }

  /// The same with a result. A handler's own tasks may call from any thread.
  nonisolated(nonsending) func onLoop<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    if loop.inEventLoop { return try body() }
    return try await loop.submit(body).get()
  }
}
