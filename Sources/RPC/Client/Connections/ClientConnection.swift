internal import NIOCore
internal import TLS

/// The client's end of one HTTP/2 connection.
final class ClientConnection: HTTP2Connection, @unchecked Sendable {
  // Unchecked: confined to the pool's event loop like its superclass.

  enum Phase {
    /// TCP, TLS, or waiting for the server's settings: in TLS 1.3 a refusal of our certificate comes
    /// only now.
    case connecting
    case ready
    /// GOAWAY came or was sent: what runs may end, nothing new begins.
    case draining
    case ended
  }

  let pool: ClientPool
  let endpoint: ClientEndpoint
  @exclusivity(unchecked) private(set) var phase = Phase.connecting
  /// Attempts whose connection ended under them, until the reason is known.
  @exclusivity(unchecked) var orphans: [ClientStream] = []

  /// Why we gave up before there was a transport.
  @exclusivity(unchecked) private(set) var earlyFailure: ConnectFailure?
  /// Whether a server has answered a call here.
  @exclusivity(unchecked) private(set) var isProven = false
  /// Whether the server has taken calls, by its own word when it went away.
  @exclusivity(unchecked) private var tookCalls = false
  @exclusivity(unchecked) private var isTransportUp = false
  @exclusivity(unchecked) private var isHandshakeDone = false
  @exclusivity(unchecked) private var sawFrame = false
  @exclusivity(unchecked) private var timer: Scheduled<Void>?
  /// What the server showed.
  private(set) var certificates: PeerCertificates?
  @exclusivity(unchecked) private var ageTimer: Scheduled<Void>?
  /// Whether calls have been begun here, health checks aside.
  @exclusivity(unchecked) private var isUsed = false
  /// Present when health is asked for.
  @exclusivity(unchecked) private var health: HealthMonitor?

  init(_ endpoint: ClientEndpoint, of pool: ClientPool) {
    self.endpoint = endpoint
    self.pool = pool
    super.init(role: .client, settings: .client, executor: pool.executor)
  }

  /// Whether a call may begin here now.
  var hasRoom: Bool {
    phase == .ready && session.streams.count < Int(session.peerMaxConcurrentStreams)
      && session.canSubmitRequests && isServing
  }

  private var isServing: Bool {
    guard let health else { return true }
    return health.state == .serving
  }

  /// Whether the server says that it does not serve.
  var isUnhealthy: Bool {
    guard let health else { return false }
    return health.state == .notServing
  }

  /// Begins an attempt. False when the connection turns out to be used up.
  func begin(_ stream: ClientStream, _ fields: HTTP2Fields) -> Bool {
    isUsed = true
    return submit(stream, fields)
  }

  func submit(_ stream: ClientStream, _ fields: HTTP2Fields) -> Bool {
    do throws(HTTP2SessionError) {
      try session.submitRequest(fields, on: stream)
    } catch {
      retire()
      return false
    }
    stream.begin()
    return true
  }

  /// Whether a server that did take calls here takes no more. One that never took any and goes away
  /// each time is refusing calls.
  var hasGoneAway: Bool { phase == .draining && (isProven || tookCalls) }

  /// Begins nothing any more, and closes when the last stream has ended.
  func retire() {
    guard phase == .ready else { return }
    phase = .draining
    health?.stop()
    endpoint.connectionLeft(self)
    closeIfDone()
  }

  func healthChanged() {
    guard phase == .ready else { return }
    if isServing { pool.roomAppeared() } else if isUnhealthy { pool.connectFailed(.notServing) }
  }

  /// The server answers a call.
  func prove() {
    guard !isProven else { return }
    isProven = true
    endpoint.proved()
  }

  func streamClosed(_ stream: ClientStream) {
    switch phase {
    case .ready: pool.roomAppeared()
    case .draining: closeIfDone()
    case .connecting, .ended: break
    }
  }

  private func closeIfDone() {
    guard session.streams.count == 0, !session.isClosed else { return }
    session.terminate(.noError)
  }

  // MARK: - Events

  override func activated() {
    isTransportUp = true
  }

  override func received(event: Any) {
    guard let event = event as? TLSHandshakeCompleted else { return }
    guard event.applicationProtocol == "h2" else {
      return fail(ConnectFailure.wrongProtocol(event.applicationProtocol))
    }
    certificates = event.certificates
    pool.reviewPeers()
    isHandshakeDone = true
    start()
  }

  override func receivedSettings() {
    switch phase {
    case .connecting:
      phase = .ready
      watch()
      watchAge()
      if let check = pool.options.healthCheck {
        health = HealthMonitor(self, service: check.service)
        health?.start()
      }
      endpoint.connected(self)
    case .ready: pool.roomAppeared()
    case .draining, .ended: break
    }
  }

  override func receivedGoAway(_ code: HTTP2ErrorCode, lastStream: Int32) {
    if code == .enhanceYourCalm { pool.slowKeepalive() }
    tookCalls = lastStream > 0
    retire()
  }

  override func receivedFrame(type: UInt8, flags: UInt8, length: Int) {
    sawFrame = true
  }

  override func ended(_ error: (any Error)?) {
    // Without a transport the bootstrap's future tells that it ended.
    guard isTransportUp else {
      earlyFailure = error.map { ConnectFailure($0) }
      return
    }
    guard phase != .ended else { return }
    let wasConnecting = phase == .connecting
    phase = .ended
    timer?.cancel()
    ageTimer?.cancel()
    health?.stop()
    var failure = ConnectFailure(error)
    if wasConnecting, isHandshakeDone, failure.isSilent { failure = .closedAfterHandshake }
    if wasConnecting { endpoint.failed(self, failure) } else { endpoint.connectionLeft(self) }
    pool.connectionEnded(self)
    let lost = orphans
    orphans = []
    for stream in lost { stream.lost(pool.lostConnection(failure)) }
  }

  // MARK: - Keep-alive (gRPC doc/keepalive.md)

  private func watch() {
    guard let keepalive = pool.keepalive else { return }
    sawFrame = false
    timer = pool.schedule(after: keepalive.time) { [weak self] in
      guard let self else { return }
      let isNeeded = self.session.streams.count > 0 || keepalive.withoutCalls
      if self.sawFrame || !isNeeded { self.watch() } else { self.ping() }
    }
  }

  private func ping() {
    guard let keepalive = pool.keepalive, phase != .ended else { return }
    session.ping(0)
    timer = pool.schedule(after: keepalive.timeout) { [weak self] in
      guard let self else { return }
      if self.sawFrame {
        self.watch()
      } else {
        self.fail(ConnectFailure.keepaliveTimeout(keepalive.timeout))
      }
    }
  }

  // MARK: - Age

  private func watchAge() {
    guard let age = pool.connectionAge() else { return }
    ageTimer = pool.schedule(after: age) { [weak self] in self?.reachedAge() }
  }

  /// A client in use has the next connection before it gives this one up.
  private func reachedAge() {
    pool.refreshAddresses()
    if isUsed { endpoint.replace(self) } else { retire() }
    let grace = pool.options.connectionAgeGrace
    ageTimer = pool.schedule(after: grace) { [weak self] in self?.fail(ConnectFailure.tooOld) }
  }
}
