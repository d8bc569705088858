internal import Synchronization

/// Streams of what happens to keys: those who wait for a key hear of it, the others cost nothing.
final class Subscribers<Key: Hashable & Sendable, Element: Sendable>: Sendable {
  private typealias Continuation = AsyncStream<Element>.Continuation

  private struct State {
    var nextNumber: UInt64 = 0
    var continuations: [Key: [UInt64: Continuation]] = [:]
    var isFinished = false
  }

  private let state = Mutex(State())

  /// Whether nobody waits: nothing need be told then.
  var isEmpty: Bool { state.withLock { $0.continuations.isEmpty } }

  /// What is told of a key from now on, until `finish`; a slow reader sees only the newest.
  func stream(of key: Key) -> AsyncStream<Element> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Element.self, bufferingPolicy: .bufferingNewest(1))
    let number: UInt64? = state.withLock { state in
      guard !state.isFinished else { return nil }
      state.nextNumber += 1
      state.continuations[key, default: [:]][state.nextNumber] = continuation
      return state.nextNumber
    }
    guard let number else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.remove(number, of: key) }
    return stream
  }

  func tell(_ key: Key, _ element: Element) {
    state.withLock { state in
      state.continuations[key]?.values.forEach { $0.yield(element) }
    }
  }

  /// Ends every stream, now and later.
  func finish() {
    let continuations = state.withLock { state in
      state.isFinished = true
      return state.continuations.values.flatMap(\.values)
    }
    // Outside the lock: a stream that ends takes itself away, which needs the lock.
    for continuation in continuations { continuation.finish() }
  }

  private func remove(_ number: UInt64, of key: Key) {
    state.withLock { state in
      state.continuations[key]?[number] = nil
      if state.continuations[key]?.isEmpty == true { state.continuations[key] = nil }
    }
  }
}
