public import Domain
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceKit
internal import Synchronization
public import TLS

/// HTTPS/1.1 on one address: Hummingbird's server on the TLS that the gRPC listeners use.
///
/// Answers of errors are JSON, where the routes say nothing else:
/// `{"error":{"code":"…","message":"…"}}`. Requests are logged at debug level by route and status,
/// refused callers at info; never a target, a field or a body.
public final class HTTPSListener: ServiceListener {
  public let addressKey: String
  public let address: Address
  public let tls: TLSContext
  private let server: Server<SecureChannel>
  private let limits: WebLimits
  private let metrics: WebMetrics
  private let streams: OpenStreams
  private let bound: AsyncThrowingStream<Address, any Error>
  private let binding: AsyncThrowingStream<Address, any Error>.Continuation
  private let serving = Mutex<Task<Void, any Error>?>(nil)

  /// - Parameters:
  ///   - addressKey: the setting that says `address`, for complaints.
  ///   - tls: a server's, with ALPN `http/1.1`.
  ///   - authorizer: of the routes' rows; nil where all are open to anybody.
  public init(
    _ routes: WebRoutes, on address: Address, addressKey: String, tls: TLSContext,
    authorizer: Authorizer?, limits: WebLimits = WebLimits(), clock: any WallClock, logger: Logger
  ) {
    precondition(
      authorizer != nil || routes.all.allSatisfy { $0.rule.callers == .anybody },
      "a route has a rule, and nobody to apply it")
    self.address = address
    self.addressKey = addressKey
    self.tls = tls
    self.limits = limits
    metrics = WebMetrics()
    streams = OpenStreams(limits)
    let (bound, binding) = AsyncThrowingStream.makeStream(of: Address.self)
    (self.bound, self.binding) = (bound, binding)
    let responder = Responder(
      routes: routes, authorizer: authorizer, tls: tls, limits: limits, metrics: metrics,
      streams: streams, clock: clock, logger: logger)
    var quiet = logger
    // Below that Hummingbird speaks of connections.
    quiet.logLevel = max(logger.logLevel, .warning)
    server = Server(
      childChannelSetup: SecureChannel(tls, limits, metrics, routes.fields) {
        request, writer, channel in
        try await responder.respond(to: request, writer, on: channel)
      },
      configuration: ServerConfiguration(
        address: .hostname(address.host, port: address.port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
      onServerRunning: { channel in
        guard let local = channel.localAddress, let host = local.ipAddress, let port = local.port
        else { return binding.finish() }
        binding.yield(Address(host: host, port: port))
        binding.finish()
      }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
  }

  public func start() async throws -> Address {
    serving.withLock { serving in
      precondition(serving == nil, "a listener starts once")
      serving = Task { [server, binding] in
        do {
          try await server.run()
          binding.finish()
        } catch {
          binding.finish(throwing: error)
          throw error
        }
      }
    }
    for try await address in bound { return address }
    return address
  }

  public func run() async throws {
    do {
      try await serving.withLock { $0 }?.value
    } catch is CancellationError {}
  }

  public func shutdown() {
    guard let serving = serving.withLock({ $0 }) else { return }
    streams.drain()
    Task { [server, limits] in
      await withTaskGroup { group in
        group.addTask { try? await server.shutdownGracefully() }
        group.addTask {
          // What is not over by then is ended with its connection.
          try? await Task.sleep(for: limits.drain)
          if !Task.isCancelled { serving.cancel() }
        }
        await group.next()
        group.cancelAll()
      }
    }
  }

  /// Writes the samples of the listener.
  public var collect: MetricsRegistry.Collector {
    { [metrics, streams] text in
      metrics.write(to: &text)
      text.describe("lockbox_http_streams_open", .gauge, "Event streams that are open.")
      text.sample("lockbox_http_streams_open", Int64(streams.count))
    }
  }
}
