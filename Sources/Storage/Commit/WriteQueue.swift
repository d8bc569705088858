internal import Threads

/// The writes that wait for the writer thread, in order of arrival.
final class WriteQueue: Sendable {
  private struct State {
    var waiting: [any PendingWrite] = []
    var end: End?
  }

  enum End {
    case closed
    case failed(StorageError)
  }

  private let state = Monitor(State())
  private let path: String

  init(path: String) {
    self.path = path
  }

  var count: Int { state.withLock { $0.waiting.count } }

  /// - Throws: why nothing more is accepted.
  func add(_ write: any PendingWrite) throws(StorageError) {
    let refusal: StorageError? = state.update { state in
      switch state.end {
      case nil:
        state.waiting.append(write)
        return nil
      case .closed:
        return StorageError(
          .closed, message: "the database was closed", while: "writing", path: path)
      case .failed(let error):
        return error
      }
    }
    if let refusal { throw refusal }
  }

  /// Blocks until something waits.
  /// - Returns: the longest waiting, at most `limit`; none at the end.
  func take(_ limit: Int) -> [any PendingWrite] {
    state.wait { state in
      if state.waiting.isEmpty { return state.end == nil ? nil : [] }
      let group = Array(state.waiting.prefix(limit))
      state.waiting.removeFirst(group.count)
      return group
    }
  }

  /// Accepts nothing more; what waits is still taken.
  func close() {
    state.update { if $0.end == nil { $0.end = .closed } }
  }

  /// Accepts nothing more and gives up what waits.
  func fail(_ error: StorageError) -> [any PendingWrite] {
    state.update { state in
      state.end = .failed(error)
      defer { state.waiting = [] }
      return state.waiting
    }
  }
}
