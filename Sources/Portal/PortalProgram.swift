internal import Domain
internal import Files
internal import Logging
public import ServiceKit
internal import Storage
internal import TLS
internal import Web

/// A portal's whole life as a process.
public enum PortalProgram {
  /// Runs until it is told to stop.
  public static func main(_ options: ServiceOptions) async -> Never {
    await ServiceRunner.process("lockbox-portal") {
      let settings = try PortalSettings(
        file: options.config, environment: ServiceRunner.environment(), flags: options.settings)
      if options.check {
        _ = try tls(settings)
        _ = try await Portal(
          settings, store: MemorySessionStore(), clock: SystemClock(),
          logger: logger(settings, SystemClock()))
        print("lockbox-portal: the configuration is good.")
      } else {
        try await run(settings)
      }
    }
  }

  private static func run(_ settings: PortalSettings) async throws {
    let clock = SystemClock()
    let logger = logger(settings, clock)
    let tls = try tls(settings)
    do {
      try File.makeDirectory(settings.dataDirectory)
    } catch {
      throw StartError(.inputOutput, "`data_directory`: \(error.path): \(error.reason).")
    }
    let store = try SQLiteSessionStore(
      path: settings.dataFile("sessions.db"), clock: clock,
      onFatal: { ServiceRunner.stop(for: $0, logger) })
    let portal = try await Portal(settings, store: store, clock: clock, logger: logger)
    let listener = listener(portal, settings, tls, limits(settings), clock, logger)
    let registry = MetricsRegistry()
    registry.add(listener.collect)
    registry.add(portal.collect)
    registry.add { $0.write(store.database.commitCounts) }
    let metrics = try await bind("metrics.address", settings.metricsAddress) {
      try await MetricsServer.start(on: settings.metricsAddress, registry)
    }
    let address = try await bind("https_listener.address", settings.address) {
      try await listener.start()
    }
    logger.log(
      .notice, "ready", .address("https", address), .address("metrics", metrics.address),
      .count("organisations", portal.desk.signIn.organisations.count))
    try await listener.runUntilSignal(
      logger,
      beside: [
        { await portal.issuers.watch() }, { try await portal.desk.sessions.sweep() },
      ])
    await metrics.close()
    await portal.clients.shutdown()
    await store.database.close()
    logger.log(.notice, "stopped")
  }

  static func limits(_ settings: PortalSettings) -> WebLimits {
    var limits = WebLimits()
    limits.drain = settings.drainTime
    // Live pages hold a connection each, beside those that pages are loaded over.
    limits.connections = 2_000
    limits.streams = 1_200
    return limits
  }

  static func listener(
    _ portal: Portal, _ settings: PortalSettings, _ tls: TLSContext, _ limits: WebLimits,
    _ clock: any WallClock, _ logger: Logger
  ) -> HTTPSListener {
    HTTPSListener(
      portal.site.routes, on: settings.address, addressKey: "https_listener.address", tls: tls,
      authorizer: nil, limits: limits, clock: clock, logger: logger)
  }

  private static func tls(_ settings: PortalSettings) throws(StartError) -> TLSContext {
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: settings.certificate, keyFile: settings.key),
      clientCertificates: .none)
    tls.speaksHTTP()
    do {
      return try TLSContext(tls)
    } catch {
      throw .configuration("\(error).")
    }
  }

  private static func logger(_ settings: PortalSettings, _ clock: any WallClock) -> Logger {
    Logger(label: "portal") { label in
      LineLogHandler(
        label: label, level: settings.logLevel.level, format: settings.logFormat, clock: clock)
    }
  }

  private static func bind<T: Sendable>(
    _ key: String, _ address: Address, _ body: () async throws -> T
  ) async throws(StartError) -> T {
    do {
      return try await body()
    } catch {
      throw .binding(key, address, error)
    }
  }
}
