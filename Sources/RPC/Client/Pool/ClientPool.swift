internal import NIOCore
internal import Synchronization
internal import TLS

/// What stands behind a client: its live calls, and the connections to the addresses of its target.
///
/// Confined to one event loop, but for `post`.
final class ClientPool: @unchecked Sendable {
  // Unchecked: `inbox` has a lock, the constants are Sendable, everything else is touched on the
  // event loop only.

  enum Command {
    case start(ClientCall)
    case cancel(ClientCall)
    /// The reader of a stream has taken so many bytes.
    case credit(ClientCall, Int)
    /// The caller has added requests, or ended them.
    case requests(ClientCall)
  }

  enum Resolution {
    case none
    case running
    case done
    /// After a failure, until the timer.
    case backingOff
  }

  let target: RPCTarget
  let tls: TLSContext
  let peer: ExpectedPeer
  let options: RPCClientOptions
  let loop: any EventLoop
  let executor: LoopExecutor
  private let inbox = Mutex<[Command]>([])

  // The rest belongs to the loop.
  /// Empty but for `performAll`; the two arrays take turns, so that neither grows anew.
  @exclusivity(unchecked) private var batch: [Command] = []
  @exclusivity(unchecked) var endpoints: [ClientEndpoint] = []
  @exclusivity(unchecked) var nextEndpoint = 0
  @exclusivity(unchecked) var waiting = CircularBuffer<ClientCall>()
  /// Ended calls that are still in `waiting`.
  @exclusivity(unchecked) var endedWaiting = 0
  /// All live calls.
  @exclusivity(unchecked) var calls = DeadlineQueue()
  @exclusivity(unchecked) var deadlineTimer: (at: NIODeadline, task: Scheduled<Void>)?
  @exclusivity(unchecked) var shutdown: Shutdown?
  var resolution = Resolution.none
  var resolutionFailures = 0
  /// When the addresses were last asked for, and whether they are to be asked for again.
  var resolvedAt = NIODeadline.distantPast
  var isRefreshing = false
  /// Why the last attempt to connect failed.
  var connectError: RPCError?
  var connections: [ObjectIdentifier: ClientConnection] = [:]
  var keepalive: RPCClientOptions.Keepalive?
  /// Whether the next look at the servers' certificates is due some time.
  var isReviewing = false
  var throttle: RetryThrottle
  private var random: SeededGenerator

  init(
    target: RPCTarget, tls: TLSContext, peer: ExpectedPeer, options: RPCClientOptions,
    loop: any EventLoop
  ) {
    self.target = target
    self.tls = tls
    self.peer = peer
    self.options = options
    self.loop = loop
    executor = LoopExecutor(loop: loop)
    keepalive = options.keepalive
    throttle = RetryThrottle(options.retryThrottling)
    random = SeededGenerator(seed: options.seed ?? .random(in: 0 ... .max))
  }

  // MARK: - From anywhere

  /// Hands a command to the loop. What many tasks post before the loop comes by costs one wake-up,
  /// and what it leads to leaves in one write.
  func post(_ command: Command) {
    if loop.inEventLoop { return perform(command) }
    let isFirst = inbox.withLock { inbox in
      inbox.append(command)
      return inbox.count == 1
    }
    if isFirst { loop.execute { self.performAll() } }
  }

  static func deadline(after timeout: Duration) -> NIODeadline {
    NIODeadline.now() + TimeAmount(timeout)
  }

  private func performAll() {
    inbox.withLock { swap(&$0, &batch) }
    executor.beginTick()
    for command in batch { perform(command) }
    batch.removeAll(keepingCapacity: true)
    executor.endTick()
  }

  private func perform(_ command: Command) {
    switch command {
    case .start(let call): start(call)
    case .cancel(let call): cancel(call)
    case .credit(let call, let count):
      if case .running(let stream) = call.phase { stream.consumed(count) }
    case .requests(let call):
      if case .running(let stream) = call.phase { stream.feed() }
    }
  }

  // MARK: - Time and chance

  /// Calls back on the loop.
  func schedule(
    after delay: Duration, _ body: @escaping () -> Void
  ) -> Scheduled<Void> {
    loop.assumeIsolated().scheduleTask(in: TimeAmount(delay), body)
  }

  func connectDelay(afterFailures failures: Int) -> Duration {
    delay(options.connectBackoff, afterFailures: failures)
  }

  func delay(_ backoff: Backoff, afterFailures failures: Int) -> Duration {
    backoff.delay(afterFailures: failures, using: &random)
  }

  /// When a connection that is made now has reached its age; nil for never.
  func connectionAge() -> Duration? {
    options.connectionAge.map { $0 * Double.random(in: 0.9...1.1, using: &random) }
  }

  /// Where to begin in turn: not all clients of a server at its first address.
  func randomIndex(below count: Int) -> Int {
    count > 1 ? Int.random(in: 0..<count, using: &random) : 0
  }

  /// How long until the addresses may be asked for again; nil when that is now.
  var resolutionDelay: TimeAmount? {
    let next = resolvedAt + TimeAmount(options.resolutionInterval)
    let now = NIODeadline.now()
    return next > now ? next - now : nil
  }

  /// A server complained of too many PINGs: every connection from now on sends half as many.
  func slowKeepalive() {
    keepalive?.time *= 2
  }
}
