internal import Synchronization

/// Wakes the loops that hand entries on, right after the commit that kept them.
final class NewEntries: Sendable {
  private struct State {
    var nextNumber: UInt64 = 0
    var continuations: [UInt64: AsyncStream<Void>.Continuation] = [:]
  }

  private let state = Mutex(State())

  /// Tells after each commit from now on; whoever is busy hears of several as of one.
  func commits() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.nextNumber += 1
      state.continuations[state.nextNumber] = continuation
      return state.nextNumber
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.continuations.removeValue(forKey: number) }
    }
    return stream
  }

  func announce() {
    for continuation in state.withLock({ Array($0.continuations.values) }) {
      continuation.yield()
    }
  }
}
