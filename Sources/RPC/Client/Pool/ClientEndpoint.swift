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
  /// The connection being made: while connecting, or to replace an old one that is still used.
  private var attempt: ClientConnection?
  private var failures = 0
  /// Attempts to replace an old connection that came to nothing.
  private(set) var replacementsFailed = 0
  /// The target has this address no more.
  private var isRemoved = false

  init(_ address: SocketAddress, in pool: ClientPool) {
    self.address = address
    self.pool = pool
  }

  var ready: ClientConnection? {
    if case .ready(let connection) = state { connection } else { nil }
  }

  /// Whether nothing that is under way here could serve a call.
  var isFailing: Bool {
    switch state {
    case .idle, .connecting: false
    case .ready(let connection): connection.isUnhealthy
    case .backingOff: true
    }
  }

  /// Begins to connect if nothing is under way.
  func connect() {
    guard case .idle = state, !isRemoved else { return }
    state = .connecting
    makeConnection()
  }

  /// Makes a new connection while the old one serves, and exchanges them when it is ready.
  func replace(_ old: ClientConnection) {
    guard old === ready, attempt == nil, pool.shutdown == nil else { return }
    makeConnection()
  }

  /// The name leads here no more: what runs may end, nothing begins.
  func remove() {
    isRemoved = true
    ready?.retire()
    attempt?.fail(ConnectFailure.closed)
  }

  private func makeConnection() {
    let connection = ClientConnection(self, of: pool)
    attempt = connection
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
        self.failed(connection, connection.earlyFailure ?? ConnectFailure(error))
      }
  }

  // MARK: - What connections report

  func connected(_ connection: ClientConnection) {
    guard connection === attempt else { return }
    attempt = nil
    let old = ready
    state = .ready(connection)
    old?.retire()
    if isRemoved { connection.retire() } else { pool.roomAppeared() }
  }

  /// The server answers calls: only this ends a row of failures. A server that takes connections and
  /// drops them would otherwise be connected to without a pause.
  func proved() {
    failures = 0
  }

  /// The attempt to connect came to nothing.
  func failed(_ connection: ClientConnection, _ failure: ConnectFailure) {
    guard connection === attempt else { return }
    attempt = nil
    guard !isRemoved else { return }
    failures += 1
    if let old = ready {
      // The old one serves until it is too old.
      replacementsFailed += 1
      _ = pool.schedule(after: pool.connectDelay(afterFailures: failures)) {
        [weak self, weak old] in
        if let old { self?.replace(old) }
      }
    } else {
      backOff(after: failures)
      pool.connectFailed(failure)
    }
    pool.refreshAddresses()
  }

  /// The connection takes no more calls, or is gone: the next call makes a new one.
  func connectionLeft(_ connection: ClientConnection) {
    guard connection === ready else { return }
    if !connection.isProven { failures += 1 }
    if attempt != nil {
      state = .connecting
    } else if failures > 1 {
      backOff(after: failures - 1)
    } else {
      state = .idle
    }
    guard !isRemoved else { return }
    pool.refreshAddresses()
    pool.connectionLeft()
  }

  private func backOff(after failures: Int) {
    state = .backingOff
    _ = pool.schedule(after: pool.connectDelay(afterFailures: failures)) { [weak self] in
      guard let self else { return }
      self.state = .idle
      if !self.isRemoved { self.pool.backoffEnded() }
    }
  }
}
