internal import Domain
internal import Synchronization

/// Wakes whoever watches a request when it has changed.
final class Watchers: Sendable {
  private struct State {
    var next = 0
    var streams: [RequestID: [Int: AsyncStream<Void>.Continuation]] = [:]
  }

  private let state = Mutex(State())

  /// One element at once, then one for each change; changes that come together count as one.
  func changes(of request: RequestID) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let key = state.withLock { state in
      state.next += 1
      state.streams[request, default: [:]][state.next] = continuation
      return state.next
    }
    continuation.onTermination = { [weak self] _ in self?.remove(key, of: request) }
    continuation.yield()
    return stream
  }

  /// Tells of changes; call it once they are durable.
  func notify(_ requests: some Sequence<RequestID>) {
    let woken = state.withLock { state in
      requests.flatMap { state.streams[$0].map { Array($0.values) } ?? [] }
    }
    for continuation in woken { continuation.yield() }
  }

  /// How many watch a request.
  func count(of request: RequestID) -> Int {
    state.withLock { $0.streams[request]?.count ?? 0 }
  }

  private func remove(_ key: Int, of request: RequestID) {
    state.withLock { state in
      state.streams[request]?[key] = nil
      if state.streams[request]?.isEmpty == true { state.streams[request] = nil }
    }
  }
}
