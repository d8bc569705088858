public import Domain
public import Logging
internal import NIOPosix
public import RPC
public import Storage
internal import Synchronization
internal import TLS

/// What a service is assembled with.
public final class ServiceWorkbench: Sendable {
  public let configuration: ServiceConfiguration
  public let clock: any WallClock
  public let logger: Logger
  public let metrics: MetricsRegistry
  /// A dependency's health goes here under a name of its own, such as `feed/intake`.
  public let health: HealthRegistry
  /// Knows people by their bearer tokens, as the people listener does.
  public let authenticator: Authenticator
  /// For a database: says why in one sentence and ends the process, since nothing more can be
  /// acknowledged.
  public let onFatal: @Sendable (StorageError) -> Void
  private let tls: TLSContext
  private let clients = Mutex<[ServiceName: RPCClient]>([:])

  init(
    _ configuration: ServiceConfiguration, clock: any WallClock, logger: Logger,
    tls: TLSContext, authenticator: Authenticator,
    onFatal: @escaping @Sendable (StorageError) -> Void
  ) {
    self.configuration = configuration
    self.clock = clock
    self.logger = logger
    self.tls = tls
    self.authenticator = authenticator
    self.onFatal = onFatal
    metrics = MetricsRegistry()
    health = HealthRegistry(status: .notServing)
  }

  /// The client of another service's service listener; one a service, made when first asked for.
  /// It proves who we are and demands the other's SPIFFE id.
  public func client(of service: ServiceName) -> RPCClient {
    clients.withLock { clients in
      if let client = clients[service] { return client }
      guard let address = configuration.peers[service] else {
        preconditionFailure("every service has an address")
      }
      var options = RPCClientOptions()
      // Services of one installation are near: a restart is over in a second or two.
      options.connectBackoff = Backoff(
        initial: .milliseconds(50), multiplier: 1.6, jitter: 0.2, maximum: .seconds(2))
      let client = RPCClient(
        target: RPCTarget(name: service.rawValue, host: address.host, port: address.port),
        tls: tls, expecting: .uri(service.spiffeID(in: configuration.trustDomain)),
        options: options, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
      clients[service] = client
      return client
    }
  }

  /// A consumer of another service's feed, whose health is told under `feed/<service>`.
  public func consumer(
    of feed: ServiceName, cursor: @escaping FeedConsumer.Cursor,
    apply: @escaping FeedConsumer.Apply
  ) -> FeedConsumer {
    FeedConsumer(
      of: feed, from: client(of: feed), clock: clock, logger: logger,
      onChange: healthOfFeed(feed), cursor: cursor, apply: apply)
  }

  /// A consumer of all logs of audit, whose health is told under `feed/audit`.
  public func consumerOfLogs(
    cursor: @escaping FeedConsumer.Cursor, apply: @escaping FeedConsumer.ApplyLogs
  ) -> FeedConsumer {
    FeedConsumer(
      ofLogsFrom: client(of: .audit), clock: clock, logger: logger,
      onChange: healthOfFeed(.audit), cursor: cursor, apply: apply)
  }

  private func healthOfFeed(_ feed: ServiceName) -> @Sendable (FeedStatus.Phase) -> Void {
    let name = "feed/\(feed.rawValue)"
    health.set(.notServing, for: name)
    return { [health] phase in
      switch phase {
      case .subscribed: health.set(.serving, for: name)
      case .connecting: health.set(.notServing, for: name)
      case .stopped:
        health.set(.notServing, for: name)
        health.set(.notServing)
      }
    }
  }

  /// Ends all clients.
  func shutDownClients() async {
    for client in clients.withLock({ Array($0.values) }) { await client.shutdown() }
  }
}
