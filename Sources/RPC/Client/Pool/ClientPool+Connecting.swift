internal import NIOCore

// Connections: which a call takes, and why there is none.

extension ClientPool {
  /// The next connection in turn that has room.
  func pick() -> ClientConnection? {
    var picked: ClientConnection?
    var hasIdle = false
    for offset in 0..<endpoints.count {
      let endpoint = endpoints[(nextEndpoint + offset) % endpoints.count]
      if let connection = endpoint.ready, connection.hasRoom {
        nextEndpoint = (nextEndpoint + offset + 1) % endpoints.count
        picked = connection
        break
      }
      if case .idle = endpoint.state { hasIdle = true }
    }
    // An address that lost its connection comes back while the others serve.
    if hasIdle, picked != nil { connectIdle() }
    return picked
  }

  /// Whether nothing that is under way could serve a call: all attempts failed, and the next ones
  /// are due only after their back-off; or the servers say that they do not serve.
  var isFailing: Bool {
    switch resolution {
    case .none, .running: false
    case .backingOff: true
    case .done: endpoints.allSatisfy(\.isFailing)
    }
  }

  func connectIfNeeded() {
    switch resolution {
    case .none: resolve()
    case .done: connectIdle()
    case .running, .backingOff: break
    }
  }

  func connectIdle() {
    for endpoint in endpoints { endpoint.connect() }
  }

  // MARK: - What endpoints and connections report

  func connectFailed(_ failure: ConnectFailure) {
    connectError = RPCError(.unavailable, "cannot reach \(target): \(failure)")
    guard isFailing, let connectError else { return }
    for call in waiting where !call.isFinished && !call.waitForReady { finish(call, connectError) }
  }

  func backoffEnded() {
    // The name may lead elsewhere by now.
    let isUnused = endpoints.allSatisfy { endpoint in
      switch endpoint.state {
      case .idle, .backingOff: true
      case .connecting, .ready: false
      }
    }
    if isUnused, case .done = resolution { resolution = .none }
    reconnectForWaiting()
  }

  func connectionLeft() {
    reconnectForWaiting()
  }

  func reconnectForWaiting() {
    if waiting.count > endedWaiting, shutdown == nil { connectIfNeeded() }
  }

  func connectionBegan(_ connection: ClientConnection) {
    connections[ObjectIdentifier(connection)] = connection
  }

  func connectionEnded(_ connection: ClientConnection) {
    connections[ObjectIdentifier(connection)] = nil
    if let shutdown, connections.isEmpty { shutdown.complete() }
  }

  func lostConnection(_ failure: ConnectFailure) -> RPCError {
    RPCError(.unavailable, "lost the connection to \(target): \(failure)")
  }
}
