internal import NIOCore

extension ClientPool {
  /// A shutdown under way.
  final class Shutdown {
    /// Those who wait for its end.
    private var waiters: [@Sendable () -> Void] = []
    private var isComplete = false

    func add(_ waiter: @escaping @Sendable () -> Void) {
      if isComplete { waiter() } else { waiters.append(waiter) }
    }

    func complete() {
      isComplete = true
      let waiters = waiters
      self.waiters = []
      for waiter in waiters { waiter() }
    }
  }

  /// On the loop. A second shutdown waits for the first and may shorten its grace.
  func shutDown(grace: Duration, whenDone: (@Sendable () -> Void)?) {
    let shutdown = self.shutdown ?? Shutdown()
    self.shutdown = shutdown
    if let whenDone { shutdown.add(whenDone) }
    for call in calls.calls {
      switch call.phase {
      case .created, .waiting, .delayed: finish(call, shutDownError)
      case .running, .finished: break
      }
    }
    guard !calls.isEmpty else { return closeAll(shutdown) }
    _ = schedule(after: grace) { [self] in
      for call in calls.calls { finish(call, shutDownError) }
    }
  }

  /// After the last call.
  func closeAll(_ shutdown: Shutdown) {
    deadlineTimer?.task.cancel()
    deadlineTimer = nil
    guard !connections.isEmpty else { return shutdown.complete() }
    for connection in Array(connections.values) {
      switch connection.phase {
      case .connecting: connection.fail(ConnectFailure.closed)
      case .ready: connection.retire()
      case .draining, .ended: break
      }
    }
    // A server that does not read any more would hold our GOAWAY, and us, for ever.
    _ = schedule(after: Self.closeTimeout) { [self] in
      for connection in Array(connections.values) { connection.fail(ConnectFailure.closed) }
    }
  }

  private static let closeTimeout = Duration.seconds(2)

  var shutDownError: RPCError {
    RPCError(.unavailable, "the client of \(target) is shut down")
  }
}
