internal import Synchronization
internal import Threads

/// Moves the write-ahead log into the file, off the commit path.
///
/// A thread with a connection of its own moves the bulk while writes go on. Those writes are then
/// the tail that keeps the log from starting over, so the writer moves that itself between two
/// groups: short, as the bulk is done.
final class Checkpointer: Sendable {
  private struct State {
    var isWanted = false
    var isStopped = false
  }

  private let state = Monitor(State())
  private let threshold: Int
  private let bulkIsDone = Atomic(false)
  private let failure = Mutex<StorageError?>(nil)
  /// Touched by the writer thread only: pages at which to ask next.
  private let nextAt: Atomic<Int>

  private let passes = Atomic(0)

  /// Times that the bulk was moved.
  var count: Int { passes.load(ordering: .relaxed) }

  init(threshold: Int) {
    self.threshold = threshold
    nextAt = Atomic(threshold)
  }

  /// The checkpoint thread: returns after `stop`.
  func run(on connection: Connection) {
    while nextRequest() {
      do {
        // What was written during one pass is left for the next; three leave little.
        for _ in 0..<3 where try connection.checkpoint(.passive) < threshold / 20 { break }
        passes.add(1, ordering: .relaxed)
        bulkIsDone.store(true, ordering: .releasing)
      } catch {
        failure.withLock { $0 = error }
        return
      }
    }
  }

  /// By the writer thread, between two groups.
  /// - Throws: what either thread met; fatal, as a failed sync may have lost pages.
  func afterCommit(on writer: Connection) throws(StorageError) {
    if bulkIsDone.exchange(false, ordering: .acquiring) {
      if writer.walPages >= threshold / 20 { _ = try writer.checkpoint(.passive) }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    let next = nextAt.load(ordering: .relaxed)
    if writer.walPages >= next {
      // A reader with an old snapshot keeps the log from starting over: ask less often then.
      nextAt.store(writer.walPages + threshold, ordering: .relaxed)
      state.update { $0.isWanted = true }
    } else if next > threshold && writer.walPages < threshold {
      nextAt.store(threshold, ordering: .relaxed)
    }
  }

  func stop() {
    state.update { $0.isStopped = true }
  }

  /// - Returns: false when the thread shall end.
  private func nextRequest() -> Bool {
    state.wait { state in
      if state.isStopped { return false }
      guard state.isWanted else { return nil }
      state.isWanted = false
      return true
    }
  }
}
