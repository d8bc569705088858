internal import NIOCore
internal import RPC
internal import TLS

/// The two servers of a service with all that stands before their handlers.
struct Doors {
  let people: RPCServer
  let service: RPCServer
  private let metrics: [CallMetrics]

  init(
    _ parts: ServiceParts, _ workbench: ServiceWorkbench, _ transport: ServiceTransport,
    _ drain: DrainSignal, _ authenticator: Authenticator
  ) throws(StartError) {
    let configuration = workbench.configuration
    var services = parts.service
    if let feed = parts.feed { FeedServer(feed: feed).add(to: &services) }
    services.addHealth(workbench.health)
    var people = parts.people
    people.addHealth(workbench.health)
    people.addReflection(of: parts.descriptors)

    var limits = ServerLimits.standard
    limits.drainTimeout = configuration.drainTime
    var metrics: [CallMetrics] = []

    func server(
      _ kind: ListenerKind, _ address: Address, _ tls: TLSContext, _ router: Router
    ) throws(StartError) -> RPCServer {
      let paths = router.paths
      let authorizer = try Authorizer(
        service: configuration.service, listener: kind, serving: paths,
        trustDomain: configuration.trustDomain, authenticator: authenticator,
        logger: workbench.logger)
      let streams = Set(AuthorizationTable.rows.filter(\.isStream).map(\.path))
      let counts = CallMetrics(kind, serving: paths)
      metrics.append(counts)
      let listener = Listener(
        address: try address.resolved("\(kind.rawValue)_listener.address"), tls: tls,
        router: router,
        interceptors: [
          TracingInterceptor(), ErrorMapper(logger: workbench.logger), authorizer,
          DrainInterceptor(drain, streams: streams),
        ], limits: limits)
      return RPCServer(listeners: [listener], metrics: counts, logger: workbench.logger)
    }
    self.people = try server(.people, configuration.peopleAddress, transport.people, people)
    self.service = try server(
      .service, configuration.serviceAddress, transport.service, services)
    self.metrics = metrics
  }

  /// Writes the samples of both.
  var collect: MetricsRegistry.Collector {
    { [metrics] text in CallMetrics.write(metrics, to: &text) }
  }
}

extension Address {
  /// The socket address to bind.
  func resolved(_ key: String) throws(StartError) -> SocketAddress {
    do {
      return try SocketAddress.makeAddressResolvingHost(host, port: port)
    } catch {
      throw .configuration("`\(key)` is \(self), but there is no such host: write an IP address.")
    }
  }

  init?(_ address: SocketAddress?) {
    guard let address, let host = address.ipAddress, let port = address.port else { return nil }
    self.init(host: host, port: port)
  }
}
