public import Logging
public import NIOCore
public import NIOPosix
internal import Synchronization
internal import TLS

/// A gRPC server on any number of listeners: HTTP/2 over TLS.
///
/// ```swift
/// let server = RPCServer(listeners: [people, services], logger: logger)
/// try await server.run()
/// ```
public final class RPCServer: Sendable {
  private let listeners: [Listener]
  private let states: [ListenerState]
  private let group: any EventLoopGroup
  private let executors: LoopExecutors
  private let logger: Logger
  private let state = Mutex(State())

  /// From the cancellation of the last handlers to the end of the drain.
  private static let abortTimeout = Duration.seconds(5)

  private struct State {
    var channels: [any Channel] = []
    var addresses: [SocketAddress] = []
    var isStarted = false
    var isStopping = false
    var stopWaiters: [CheckedContinuation<Void, Never>] = []
  }

  /// - Parameters:
  ///   - group: the event loops, by default as many as the process shares.
  public init(
    listeners: [Listener],
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    metrics: (any RPCMetrics)? = nil,
    logger: Logger
  ) {
    self.listeners = listeners
    self.group = group
    self.logger = logger
    executors = LoopExecutors(group: group)
    states = listeners.map { ListenerState($0, metrics: metrics, logger: logger) }
  }

  /// The addresses bound, in the order of the listeners; empty before `start()`.
  public var addresses: [SocketAddress] { state.withLock { $0.addresses } }

  /// Connections of all listeners, from their acceptance on.
  var connectionCount: Int { states.reduce(0) { $0 + $1.connections.all.count } }

  /// Binds every listener. When one fails, all are closed again.
  ///
  /// - Throws: what the system says, an `IOError` most often.
  @discardableResult
  public func start() async throws -> [SocketAddress] {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { return addresses }
    do {
      for (listener, listenerState) in zip(listeners, states) {
        let channel = try await bootstrap(listenerState).bind(to: listener.address).get()
        state.withLock { state in
          state.channels.append(channel)
          if let address = channel.localAddress { state.addresses.append(address) }
        }
        PeerReview.begin(listenerState, on: group.any())
      }
    } catch {
      await closeListeners()
      throw error
    }
    return addresses
  }

  /// Serves until `shutdown()` is called or the task is cancelled, then drains: new connections and
  /// calls are refused, running ones may finish within each listener's `drainTimeout`. Returns
  /// when nothing is left.
  public func run() async throws {
    try await start()
    await withTaskCancellationHandler {
      await untilStopping()
    } onCancel: {
      shutdown()
    }
    await drain()
  }

  /// Makes `run()` drain and return. From anywhere, more than once.
  public func shutdown() {
    let waiters = state.withLock { state in
      state.isStopping = true
      defer { state.stopWaiters = [] }
      return state.stopWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  private func untilStopping() async {
    await withCheckedContinuation { continuation in
      let isStopping = state.withLock { state in
        if !state.isStopping { state.stopWaiters.append(continuation) }
        return state.isStopping
      }
      if isStopping { continuation.resume() }
    }
  }

  private func drain() async {
    await closeListeners()
    await withTaskGroup(of: Void.self) { tasks in
      for state in states { tasks.addTask { await self.drain(state) } }
    }
  }

  private func drain(_ listener: ListenerState) async {
    for connection in listener.connections.beginDraining() {
      connection.executor.loop.execute { connection.drain(endingStreams: true) }
    }
    let loop = group.any()
    let timeout = loop.scheduleTask(in: TimeAmount(listener.limits.drainTimeout)) {
      for connection in listener.connections.all {
        connection.executor.loop.execute { connection.abort() }
      }
    }
    // Handlers that do not heed their cancellation cannot hold up the process.
    let givingUp = loop.scheduleTask(
      in: TimeAmount(listener.limits.drainTimeout + Self.abortTimeout)
    ) {
      self.logger.error("handlers ignore their cancellation and are left behind")
      listener.connections.giveUp()
    }
    await listener.connections.waitUntilEmpty()
    timeout.cancel()
    givingUp.cancel()
  }

  private func closeListeners() async {
    let channels = state.withLock { state in
      defer { state.channels = [] }
      return state.channels
    }
    for channel in channels { try? await channel.close().get() }
  }

  private func bootstrap(_ listener: ListenerState) -> ServerBootstrap {
    let executors = executors
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      // One accept a round: the gate can close after each.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(listener))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // One read a round, so that a flood on one connection lets the others have their turn, and no
      // more than a few records: what a connection has read large it keeps a buffer for.
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: 32 << 10)
      )
      // Frames wait in the session, where they can still be cancelled, rather than in the channel.
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          let timeouts = TLSTimeouts(handshake: listener.limits.handshakeTimeout)
          try pipeline.addHandler(TLSHandler(server: listener.tls, timeouts: timeouts))
          try pipeline.addHandler(
            ServerConnection(listener: listener, executor: executors[channel.eventLoop]))
        }
      }
  }
}
