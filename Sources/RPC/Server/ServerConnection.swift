internal import CNghttp2
internal import Logging
internal import NIOCore
internal import TLS

/// One connection of a server: who is at its other end, the calls it carries, its limits and end.
///
/// Confined to its channel's event loop, except where noted.
final class ServerConnection: HTTP2Connection, @unchecked Sendable {
  // Unchecked: see HTTP2Connection.

  let listener: ListenerState
  let limits: ServerLimits
  let interceptors: [any ServerInterceptor]
  let metrics: (any RPCMetrics)?
  let hasMetrics: Bool
  let heads: HeadMemory
  @exclusivity(unchecked) private(set) var info = ConnectionInfo(peer: nil, remoteAddress: nil)
  /// The time of the last read or sweep.
  @exclusivity(unchecked) private(set) var now = LoopTime.now

  @exclusivity(unchecked) private var runningHandlers = 0

  // Defences.
  @exclusivity(unchecked) var inspector: FrameInspector
  @exclusivity(unchecked) var stall: StallWatch
  /// Nothing that the peer sends is looked at any more.
  @exclusivity(unchecked) var isDefended = false
  @exclusivity(unchecked) var isNoted = false
  @exclusivity(unchecked) private(set) var isProven = false

  private var stage = Stage.handshake
  private var identity: String?
  private var isRegistered = false
  private var preface: LoopTime?
  private var age: LoopTime?
  @exclusivity(unchecked) private var idleSince: LoopTime?
  private var drainStep: LoopTime?
  /// When the sweep comes; `never` while no timer is set.
  @exclusivity(unchecked) private var alarm = LoopTime.never
  private var timer: Scheduled<Void>?

  private enum Stage {
    case handshake
    case open
    /// GOAWAY without a last stream is out; after a round trip the last stream is known.
    case noticed
    /// GOAWAY names the last stream; what runs may finish.
    case draining
    /// What ran was ended; whoever does not read that is cut off.
    case aborting
    case ended
  }

  /// Marks the ping whose answer says that the peer has seen our notice.
  private static let noticePing: UInt64 = 0x6c6f_636b_626f_7821

  /// How long to wait for the notice's answer from a peer that answers no pings.
  private static let noticeTimeout = Duration.seconds(1)

  init(listener: ListenerState, executor: LoopExecutor) {
    self.listener = listener
    limits = listener.limits
    interceptors = listener.interceptors
    metrics = listener.metrics
    hasMetrics = metrics != nil
    heads = HeadMemory(routes: listener.routes)
    inspector = FrameInspector(listener.limits)
    stall = StallWatch(limit: listener.limits.stallTimeout)
    super.init(role: .server, settings: HTTP2Settings(listener.limits), executor: executor)
  }

  var logger: Logger { listener.logger }

  // MARK: - Beginning

  override func activated() {
    switch listener.connections.add(self, limits) {
    case .refused:
      note(.connections, .noError)
      return close()
    case .added(let crowdedOut):
      isRegistered = true
      guard let crowdedOut else { return }
      crowdedOut.executor.loop.execute { crowdedOut.makeRoom() }
    }
  }

  override func received(event: Any) {
    guard let handshake = event as? TLSHandshakeCompleted, case .handshake = stage else { return }
    info = ConnectionInfo(peer: handshake.peer, remoteAddress: context?.remoteAddress)
    guard admit(handshake.peer) else { return close() }
    if let certificates = handshake.certificates {
      listener.connections.keep(certificates, of: self)
    }
    stage = .open
    metrics?.connectionOpened()
    now = .now
    preface = now + limits.prefaceTimeout
    age = now + limits.connectionAge * Double.random(in: 0.9...1.1)
    idleSince = now
    start()
    rearm()
  }

  private func admit(_ peer: PeerIdentity?) -> Bool {
    guard let peer else { return true }
    let key = peer.connectionKey
    guard listener.connections.admit(key, limit: limits.connectionsPerIdentity) else {
      note(.connectionsPerIdentity, .noError)
      return false
    }
    identity = key
    prove()
    return true
  }

  override func willReceive() {
    now = .now
  }

  override func receivedSettings() {
    guard preface != nil else { return }
    preface = nil
    rearm()
  }

  // MARK: - Calls

  override func makeStream(id: Int32) -> HTTP2Stream? {
    executor.assertOnLoop()
    // Streams that were reset are not open, but their handlers may run on.
    guard runningHandlers < limits.runningHandlers else { return nil }
    idleSince = nil
    heads.begin()
    let stream = ServerStream(connection: self, now: now)
    wake(by: stream.due ?? .never)
    return stream
  }

  /// Whether a handler may start now; if so it is counted.
  func beginHandler() -> Bool {
    executor.assertOnLoop()
    guard listener.handlers.take(running: runningHandlers) else {
      noteBusy()
      return false
    }
    runningHandlers += 1
    if !isProven { prove() }
    return true
  }

  /// The peer has shown who it is, or made a call: it does not have to make room for newcomers.
  private func prove() {
    isProven = true
    listener.connections.prove(self)
  }

  func handlerEnded() {
    executor.assertOnLoop()
    listener.handlers.giveBack()
    runningHandlers -= 1
    if runningHandlers == 0, case .ended = stage { unregister() }
  }

  // MARK: - Defence, in a file of its own

  override func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionError) {
    try inspectAndReceive(bytes)
  }

  override func receivedExcess(_ excess: HeaderListExcess) {
    defend(excess == .bytes ? .headerBytes : .headerFields)
  }

  override func sentReset(_ code: HTTP2ErrorCode) { chargeReset(code) }
  override func sentGoAway(_ code: HTTP2ErrorCode) { noteGoAway(code) }
  override func isBlocked() { watchStall() }

  /// Whether the connection is past its handshake and not over.
  var isServing: Bool {
    switch stage {
    case .handshake, .ended: false
    case .open, .noticed, .draining, .aborting: true
    }
  }

  /// Whether TLS is not agreed on yet.
  var isShakingHands: Bool {
    if case .handshake = stage { true } else { false }
  }

  // MARK: - Ending

  /// Asks the peer to open no more streams, lets what runs finish, then closes.
  ///
  /// - Parameter endingStreams: whether streams without a deadline are ended at once: nobody knows
  ///   how long they would go on, and their callers take them up again elsewhere.
  func drain(endingStreams: Bool) {
    executor.assertOnLoop()
    if endingStreams, isServing { endStreams { $0.deadline == nil } }
    switch stage {
    case .handshake:
      close()
    case .open:
      stage = .noticed
      session.submitShutdownNotice()
      session.ping(Self.noticePing)
      drainStep = LoopTime.now + Self.noticeTimeout
      wake(by: drainStep!)
    case .noticed, .draining, .aborting, .ended:
      break
    }
  }

  private func endStreams(_ condition: (ServerStream) -> Bool) {
    session.streams.forEach { stream in
      guard let stream = stream as? ServerStream, condition(stream) else { return }
      stream.refuse(RPCError(.unavailable, "the server ends the connection"))
    }
  }

  override func receivedPingAcknowledgement(_ opaque: UInt64) {
    if opaque == Self.noticePing { refuseNewStreams() }
  }

  /// From here on nghttp2 ignores new streams, and ends the session after the last open one.
  private func refuseNewStreams() {
    guard case .noticed = stage else { return }
    stage = .draining
    drainStep = nil
    session.submitGoAway(.noError)
  }

  /// Ends what still runs, and the connection.
  func abort() {
    executor.assertOnLoop()
    switch stage {
    case .handshake: close()
    case .open, .noticed, .draining:
      endStreams { _ in true }
      // Behind the answers, and the end of the session when these are out.
      session.submitGoAway(.noError)
      endSoon()
    case .aborting, .ended: break
    }
  }

  /// Behind a GOAWAY that ends the connection: whoever does not read it is cut off.
  func endSoon() {
    stage = .aborting
    drainStep = LoopTime.now + Self.noticeTimeout
    wake(by: drainStep!)
  }

  override func ended(_ error: (any Error)?) {
    if let error { log(error) }
    timer?.cancel()
    timer = nil
    alarm = .never
    if case .handshake = stage {} else { metrics?.connectionClosed() }
    stage = .ended
    if let identity { listener.connections.release(identity) }
    identity = nil
    if runningHandlers == 0 { unregister() }
  }

  private func unregister() {
    guard isRegistered else { return }
    isRegistered = false
    listener.connections.remove(self)
  }

  private func log(_ error: any Error) {
    if let defence = Self.defence(against: error) { return note(defence, .noError) }
    if let error = error as? TLSConnectionError {
      return listener.refusals.note(
        error, from: info.remoteAddress ?? context?.remoteAddress, metrics, logger)
    }
    logger.debug(
      "connection failed",
      metadata: [
        "remote": "\(info.remoteAddress.map(String.init(describing:)) ?? "?")",
        "error": "\(error)",
      ])
  }

  // MARK: - Time

  /// Makes sure that the sweep comes at `instant` at the latest. Calls seldom last until their
  /// deadline, so one timer for the connection is set anew only when an earlier one is needed.
  func wake(by instant: LoopTime) {
    guard instant < alarm else { return }
    timer?.cancel()
    let delay = max(.zero, instant - .now)
    // Strong, and cancelled at the end: whoever has had a weak reference is dearer to retain for good.
    timer = executor.loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
      self.alarm = .never
      self.sweep(.now)
    }
    alarm = instant
  }

  private func rearm() {
    if let next = nextInstant { wake(by: next) }
  }

  private var nextInstant: LoopTime? {
    // A defended connection has but its end before it.
    var next = [
      preface, age, drainStep, idleSince.map { $0 + limits.idleTimeout },
      isDefended ? nil : stall.due,
      isDefended ? nil : inspector.frameBegan.map { $0 + limits.requestTimeout },
    ].compactMap(\.self).min()
    session.streams.forEach { stream in
      guard let due = (stream as? ServerStream)?.due else { return }
      next = min(next ?? due, due)
    }
    return next
  }

  /// Ends whatever has reached its time.
  private func sweep(_ now: LoopTime) {
    self.now = now
    sweepSlowness(now)
    session.streams.forEach { stream in
      guard let stream = stream as? ServerStream, let due = stream.due, due <= now else { return }
      stream.due = nil
      stream.expire(due)
    }
    if let drainStep, drainStep <= now {
      if case .aborting = stage { return fail(nil) }
      refuseNewStreams()
    }
    if let age, age <= now { reachAge(now) }
    sweepIdleness(now)
    if case .ended = stage { return }
    rearm()
  }

  private func sweepSlowness(_ now: LoopTime) {
    guard !isDefended else { return }
    if let preface, preface <= now {
      self.preface = nil
      return defend(.slowPreface)
    }
    if let began = inspector.frameBegan, began + limits.requestTimeout <= now {
      return defend(inspector.slowness)
    }
    if stall.hasStalled(stallMark, at: now) { defend(.slowReader) }
  }

  private func reachAge(_ now: LoopTime) {
    guard !isPastAge else {
      age = nil
      return abort()
    }
    isPastAge = true
    age = now + limits.connectionAgeGrace
    drain(endingStreams: false)
  }
  private var isPastAge = false

  private func sweepIdleness(_ now: LoopTime) {
    guard session.streams.count == 0, runningHandlers == 0 else {
      idleSince = nil
      return
    }
    guard let idleSince else {
      self.idleSince = now
      return
    }
    if idleSince + limits.idleTimeout <= now { drain(endingStreams: true) }
  }

  /// The status for what a handler threw; details that are not the caller's go to the log.
  func status(of error: any Error, path: String) -> RPCError {
    switch error {
    case let error as RPCError where error.code != .ok:
      return error
    case is CancellationError:
      return RPCError(.cancelled, "the call was cancelled")
    default:
      logger.error("handler failed", metadata: ["method": "\(path)", "error": "\(error)"])
      return RPCError(.internal, "internal error")
    }
  }
}

extension HTTP2Settings {
  fileprivate init(_ limits: ServerLimits) {
    self = .server
    maxConcurrentStreams = UInt32(limits.concurrentStreams)
    maxHeaderListSize = UInt32(limits.headerListBytes)
    endurableListSize = limits.headerExcess * limits.headerListBytes
    endurableListFields = limits.headerExcess * limits.headerFields
  }
}
