/// Wakes one loop from its sleep early: there is something to do.
public final class Alarm: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  public init() {
    (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  public func ring() {
    continuation.yield()
  }

  /// Returns when it rings, or after `duration`, or when the task is cancelled.
  public func wait(atMost duration: Duration) async {
    let timer = Task { [continuation] in
      guard (try? await Task.sleep(for: duration)) != nil else { return }
      continuation.yield()
    }
    defer { timer.cancel() }
    for await _ in stream { return }
  }
}
