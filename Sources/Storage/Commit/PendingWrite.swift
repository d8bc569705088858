/// A write that waits for its turn, and then for the disk.
///
/// `run` and `finish` are called on the writer thread, each at most once, `finish` exactly once.
protocol PendingWrite: AnyObject, Sendable {
  /// Runs the body and keeps what it returned or threw.
  /// - Returns: false when the body threw: its changes must be rolled back.
  func run(in transaction: Transaction) -> Bool
  /// Lets the caller go on: with what the body gave, or with why nothing was written.
  func finish(_ failure: StorageError?)
}

// @unchecked: `outcome` is touched by the writer thread only.
final class Write<T: Sendable>: PendingWrite, @unchecked Sendable {
  private let body: @Sendable (Transaction) throws -> T
  private let continuation: CheckedContinuation<T, any Error>
  private var outcome: Result<T, any Error>?

  init(
    _ body: @escaping @Sendable (Transaction) throws -> T,
    _ continuation: CheckedContinuation<T, any Error>
  ) {
    self.body = body
    self.continuation = continuation
  }

  func run(in transaction: Transaction) -> Bool {
    do {
      outcome = .success(try body(transaction))
      return true
    } catch {
      outcome = .failure(error)
      return false
    }
  }

  func finish(_ failure: StorageError?) {
    if let failure {
      continuation.resume(throwing: failure)
    } else if let outcome {
      continuation.resume(with: outcome)
    }
  }
}
