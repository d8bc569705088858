internal import NIOCore
internal import NIOPosix
internal import TLS

/// One address of the target, and the connection to it.
///
/// Confined to the pool's event loop.
final class ClientEndpoint: @unchecked Sendable {
  // Unchecked: confined to the pool's event loop; the futures that call back are its own.

  enum State {
    case idle
    case connecting
    case ready(ClientConnection)
    /// After a failure, until the timer.
    case backingOff
  }

  let address: SocketAddress
  private unowned let pool: ClientPool
  private(set) var state = State.idle
  private var failures = 0

  init(_ address: SocketAddress, in pool: ClientPool) {
    self.address = address
    self.pool = pool
  }

  var ready: ClientConnection? {
    if case .ready(let connection) = state { connection } else { nil }
  }

  /// Begins to connect if nothing is under way.
  func connect() {
    guard case .idle = state else { return }
    state = .connecting
    let connection = ClientConnection(self, of: pool)
    pool.connectionBegan(connection)
    let limit = pool.options.connectTimeout
    let timer = pool.schedule(after: limit) { [weak connection] in
      if let connection, connection.phase == .connecting {
        connection.fail(ConnectFailure.timedOut(limit))
      }
    }
    let tls = pool.tls
    let peer = pool.peer
    ClientBootstrap(group: pool.loop)
      .connectTimeout(TimeAmount(limit))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = try TLSHandler(
            client: tls, expecting: peer, timeouts: TLSTimeouts(handshake: limit))
          try channel.pipeline.syncOperations.addHandlers(handler, connection)
        }
      }
      .connect(to: address)
      .whenFailure { [pool] error in
        timer.cancel()
        pool.connectionEnded(connection)
        self.failed(connection.earlyFailure ?? ConnectFailure(error))
      }
  }

  func connected(_ connection: ClientConnection) {
    state = .ready(connection)
    pool.roomAppeared()
  }

  /// The server answers calls: only this ends a row of failures. A server that takes connections and
  /// drops them would otherwise be connected to without a pause.
  func proved() {
    failures = 0
  }

  /// The attempt to connect came to nothing.
  func failed(_ failure: ConnectFailure) {
    guard case .connecting = state else { return }
    failures += 1
    backOff(after: failures)
    pool.connectFailed(failure)
  }

  /// The connection takes no more calls, or is gone: the next call makes a new one.
  func connectionLeft(_ connection: ClientConnection) {
    guard case .ready(let current) = state, current === connection else { return }
    if !connection.isProven { failures += 1 }
    if failures > 1 { backOff(after: failures - 1) } else { state = .idle }
    pool.connectionLeft()
  }

  private func backOff(after failures: Int) {
    state = .backingOff
    _ = pool.schedule(after: pool.backoff(afterFailures: failures)) { [weak self] in
      guard let self else { return }
      self.state = .idle
      self.pool.backoffEnded()
    }
  }
}
