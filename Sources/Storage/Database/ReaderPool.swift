internal import Threads

/// Threads with a read connection each, so that no task's thread ever waits for the disk.
final class ReaderPool: Sendable {
  private struct State {
    var waiting: [@Sendable (Connection) -> Void] = []
    var isClosed = false
  }

  private let state = Monitor(State())
  private let path: String

  init(path: String) {
    self.path = path
  }

  /// Runs `body` on one snapshot of what was committed when it started.
  nonisolated(nonsending) func read<T: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let accepted = state.update { state in
        if state.isClosed { return false }
        state.waiting.append { connection in
          continuation.resume(with: Result { try connection.snapshot(body) })
        }
        return true
      }
      if !accepted {
        continuation.resume(
          throwing: StorageError(
            .closed, message: "the database was closed", while: "reading", path: path))
      }
    }
  }

  /// A reader thread: returns when the pool was closed and nothing waits.
  func run(on connection: Connection) {
    while let body = next() { body(connection) }
  }

  /// Accepts nothing more; what waits is still read.
  func close() {
    state.updateAll { $0.isClosed = true }
  }

  private func next() -> (@Sendable (Connection) -> Void)? {
    state.wait { state in
      if state.waiting.isEmpty { return state.isClosed ? .some(nil) : nil }
      return state.waiting.removeFirst()
    }
  }
}

extension Connection {
  fileprivate func snapshot<T>(_ body: (Connection) throws -> T) throws -> T {
    try execute("BEGIN")
    // Nothing to undo: the connection only reads.
    defer { _ = try? execute("COMMIT") }
    return try body(self)
  }
}
