internal import Synchronization
internal import Threads

/// Makes the indexes of sealed segments, off the commit path.
///
/// An index that cannot be written leaves its segment searched in memory: nothing is lost, and the
/// next start makes it again.
final class Indexer: Sendable {
  private struct State {
    var waiting: [UInt32] = []
    var isClosed = false
    var isBusy = false
  }

  private let state = Monitor(State())
  private let shared: StoreShared

  init(_ shared: StoreShared) { self.shared = shared }

  func add(_ segment: UInt32) { state.updateAll { $0.waiting.append(segment) } }

  /// What waits is still made.
  func close() { state.updateAll { $0.isClosed = true } }

  /// Blocks until every sealed segment has been tried.
  func drain() { state.wait { $0.waiting.isEmpty && !$0.isBusy ? () : nil } }

  /// The indexer thread: returns when it was closed and nothing waits.
  func run() {
    while let segment = next() {
      do throws(LogStoreError) {
        try shared.makeIndex(of: segment)
      } catch {
        shared.failedIndexes.add(1, ordering: .relaxed)
      }
    }
  }

  private func next() -> UInt32? {
    state.updateAll { $0.isBusy = false }
    return state.wait { state -> UInt32?? in
      if state.waiting.isEmpty { return state.isClosed ? .some(nil) : nil }
      state.isBusy = true
      return state.waiting.removeFirst()
    }
  }
}
