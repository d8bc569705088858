internal import Threads

/// What reads wait behind: only others of the same length.
public enum ReadLane: Int, Sendable, CaseIterable {
  /// Proofs, receipts, pages: some entries.
  case short
  /// Many entries, for seconds.
  case scan
  /// Whole segments, for minutes: compression and retention.
  case upkeep
}

/// Threads that read for tasks, so that no task's thread ever waits for the disk.
final class ReadPool: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var isClosed = false
  }

  private let state = Monitor(State())

  /// - Returns: false when the pool was closed: the body is never run.
  func add(_ body: @escaping @Sendable () -> Void) -> Bool {
    state.update { state in
      if !state.isClosed { state.waiting.append(body) }
      return !state.isClosed
    }
  }

  /// A reader thread: returns when the pool was closed and nothing waits.
  func run() {
    while let body = next() { body() }
  }

  /// Accepts nothing more; what waits is still read.
  func close() { state.updateAll { $0.isClosed = true } }

  private func next() -> (@Sendable () -> Void)? {
    state.wait { state -> (@Sendable () -> Void)?? in
      if state.waiting.isEmpty { return state.isClosed ? .some(nil) : nil }
      return state.waiting.removeFirst()
    }
  }
}
