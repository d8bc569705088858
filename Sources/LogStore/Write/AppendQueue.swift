internal import Synchronization
internal import Threads

/// A batch that waits for the writer thread, and then for the disk.
final class PendingAppend: Sendable {
  let batch: NewBatch
  private let continuation: CheckedContinuation<[UInt64], any Error>

  init(_ batch: NewBatch, _ continuation: CheckedContinuation<[UInt64], any Error>) {
    self.batch = batch
    self.continuation = continuation
  }

  /// Called exactly once.
  func finish(_ outcome: Result<[UInt64], LogStoreError>) { continuation.resume(with: outcome) }
}

/// The batches that wait, in order of arrival.
final class AppendQueue: Sendable {
  private struct State {
    var waiting: [PendingAppend] = []
    /// Why nothing more is accepted.
    var end: LogStoreError?
  }

  private let state = Monitor(State())

  func add(_ append: PendingAppend) throws(LogStoreError) {
    let refusal: LogStoreError? = state.update { state in
      if state.end == nil { state.waiting.append(append) }
      return state.end
    }
    if let refusal { throw refusal }
  }

  /// Blocks until something waits.
  /// - Parameter limit: entries in all, but always at least one batch.
  /// - Returns: the longest waiting; none at the end.
  func take(_ limit: Int) -> [PendingAppend] {
    state.wait { state in
      guard let first = state.waiting.first else { return state.end == nil ? nil : [] }
      var count = 1
      var entries = first.batch.entries.count
      while count < state.waiting.count {
        entries += state.waiting[count].batch.entries.count
        if entries > limit { break }
        count += 1
      }
      defer { state.waiting.removeFirst(count) }
      return Array(state.waiting.prefix(count))
    }
  }

  /// Accepts nothing more; what waits is still written.
  func close() { state.update { if $0.end == nil { $0.end = .closed } } }

  /// Accepts nothing more and gives up what waits.
  func fail(_ error: LogStoreError) -> [PendingAppend] {
    state.update { state in
      state.end = error
      defer { state.waiting = [] }
      return state.waiting
    }
  }
}
