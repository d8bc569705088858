public import Domain
public import Logging
internal import ProtobufC
public import RPC
internal import ServiceLifecycle
public import Storage
internal import Synchronization
internal import UnixSignals

/// One service in this process, from its configuration to its end.
public final class ServiceInstance: Sendable {
  /// Where it listens.
  public struct Addresses: Sendable, Hashable {
    public let people: Address
    public let service: Address
    public let metrics: Address
    /// Nil where the service answers no HTTPS.
    public let https: Address?
  }

  let workbench: ServiceWorkbench
  let parts: ServiceParts
  let transport: ServiceTransport
  let issuers: IssuerDirectory
  let drain = DrainSignal()
  let people: RPCServer
  let service: RPCServer
  private let metricsServer = Mutex<MetricsServer?>(nil)
  /// Ends when somebody wants the service to stop, before or while it runs.
  let stop = AsyncStream.makeStream(of: Never.self)

  private var configuration: ServiceConfiguration { workbench.configuration }

  /// Reads certificates and issuers, assembles the service and checks it against the authorization
  /// table; binds nothing yet.
  ///
  /// - Parameters:
  ///   - onFatal: When the storage fails for good; must not return to business.
  ///   - assemble: Makes the service's parts.
  public init(
    _ configuration: ServiceConfiguration, clock: any WallClock, logger: Logger,
    onFatal: @escaping @Sendable (StorageError) -> Void,
    assemble: @Sendable (ServiceWorkbench) async throws -> ServiceParts
  ) async throws(StartError) {
    transport = try ServiceTransport(
      configuration.transport, spiffeID: configuration.spiffeID)
    issuers = try await IssuerDirectory.load(
      configuration.issuers, environment: configuration.environment, clock: clock, logger: logger)
    let authenticator = Authenticator(issuers: issuers, clock: clock)
    let workbench = ServiceWorkbench(
      configuration, clock: clock, logger: logger, tls: transport.client,
      authenticator: authenticator, onFatal: onFatal)
    self.workbench = workbench
    do {
      try makePrivateDirectory(configuration.dataDirectory)
      parts = try await assemble(workbench)
    } catch {
      throw .whileStarting(error)
    }
    do {
      let doors = try Doors(parts, workbench, transport, drain, authenticator)
      people = doors.people
      service = doors.service
      workbench.metrics.add(doors.collect)
    } catch {
      await parts.close()
      await parts.database?.close()
      throw error
    }
    let parts = parts
    workbench.metrics.add { text in
      if !parts.consumers.isEmpty { FeedStatus.write(parts.consumers.map(\.status), to: &text) }
      if let database = parts.database { text.write(database.commitCounts) }
    }
  }

  /// Binds the listeners. Ready when it returns.
  @discardableResult
  public func start() async throws(StartError) -> Addresses {
    let bound: Addresses
    do {
      let metrics = try await bind("metrics.address", configuration.metricsAddress) {
        let server = try await MetricsServer.start(
          on: configuration.metricsAddress, workbench.metrics)
        metricsServer.withLock { $0 = server }
        return server.address
      }
      let service = try await bind("service_listener.address", configuration.serviceAddress) {
        try await Address(self.service.start().first)
      }
      let people = try await bind("people_listener.address", configuration.peopleAddress) {
        try await Address(self.people.start().first)
      }
      var https: Address?
      if let listener = parts.https {
        https = try await bind(listener.addressKey, listener.address) {
          try await listener.start()
        }
      }
      bound = Addresses(people: people, service: service, metrics: metrics, https: https)
    } catch {
      await abandon()
      throw error
    }
    for descriptor in parts.descriptors { workbench.health.set(.serving, for: descriptor.name) }
    workbench.health.set(.serving)
    workbench.logger.log(
      .notice, "ready", .address("people", bound.people), .address("service", bound.service),
      .address("metrics", bound.metrics), .address("https", bound.https))
    return bound
  }

  /// Serves until told to stop, then drains: listeners, consumers and loops, clients, storage.
  public func run(signals: Bool = false) async throws {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [],
        logger: workbench.logger))
    try await group.run()
    workbench.logger.log(.notice, "stopped")
  }

  /// How its consumers stand.
  public var consumers: [FeedStatus] { parts.consumers.map(\.status) }

  /// Its health and that of its dependencies.
  public var health: HealthRegistry { workbench.health }

  /// Makes `run` drain and return, now or as soon as it is called.
  public func shutdown() { stop.continuation.finish() }

  /// Closes everything that is open, where nothing runs yet.
  func abandon() async {
    people.shutdown()
    service.shutdown()
    parts.https?.shutdown()
    await closeMetrics()
    await workbench.shutDownClients()
    await parts.close()
    await parts.database?.close()
  }

  func closeMetrics() async { await metricsServer.withLock { $0.take() }?.close() }

  private func bind(
    _ key: String, _ address: Address, _ body: () async throws -> Address?
  ) async throws(StartError) -> Address {
    do {
      return try await body() ?? address
    } catch {
      throw .binding(key, address, error)
    }
  }
}
