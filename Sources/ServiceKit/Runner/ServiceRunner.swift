internal import Domain
internal import Glibc
internal import Logging
internal import Storage

/// A service's whole life as a process: read, check, start, serve, drain, exit.
public enum ServiceRunner {
  /// Runs a service until it is told to stop. Whatever goes wrong is one sentence on stderr, and an
  /// exit code of `ExitCode`.
  ///
  /// - Parameters:
  ///   - check: What `--check` looks at besides: says in one sentence what it found good.
  ///   - assemble: Makes the service's parts out of its settings.
  public static func main<Section: ConfigurationSection>(
    _ service: ServiceName, _ options: ServiceOptions, section: Section.Type,
    check: (ServiceConfiguration, Section) async throws -> String? = { _, _ in nil },
    assemble: @escaping @Sendable (ServiceWorkbench, Section) async throws -> ServiceParts
  ) async -> Never {
    // A peer that is gone must not end the process; writing to it fails instead.
    signal(SIGPIPE, SIG_IGN)
    do {
      let (configuration, settings) = try ServiceConfiguration.load(
        service, file: options.config, environment: environment(), flags: options.settings,
        section: section)
      if options.check {
        try await self.check(configuration)
        print("lockbox-\(service.rawValue): the configuration is good.")
        if let sentence = try await check(configuration, settings) {
          print("lockbox-\(service.rawValue): \(sentence)")
        }
        exit(.success)
      }
      try await run(configuration) { try await assemble($0, settings) }
      exit(.success)
    } catch let error as StartError {
      complain(service, error.sentence)
      exit(error.exitCode)
    } catch let error as StorageError {
      let error = StartError.storage(error)
      complain(service, error.sentence)
      exit(error.exitCode)
    } catch {
      complain(service, "The service ended: \(error).")
      exit(.software)
    }
  }

  private static func run(
    _ configuration: ServiceConfiguration,
    _ assemble: @escaping @Sendable (ServiceWorkbench) async throws -> ServiceParts
  ) async throws {
    let clock = SystemClock()
    let logger = logger(configuration, clock)
    let instance = try await ServiceInstance(
      configuration, clock: clock, logger: logger,
      onFatal: { error in
        logger.log(.critical, "storage failed, nothing more is acknowledged", .error(error))
        // At once, without cleaning up: nothing may be acknowledged after this.
        _exit(ExitCode.inputOutput.rawValue)
      }, assemble: assemble)
    try await instance.start()
    try await instance.run(signals: true)
  }

  /// Reads whatever a start reads, and binds nothing.
  private static func check(_ configuration: ServiceConfiguration) async throws(StartError) {
    _ = try ServiceTransport(configuration.transport, spiffeID: configuration.spiffeID)
    _ = try await IssuerDirectory.load(
      configuration.issuers, environment: configuration.environment, clock: SystemClock(),
      logger: logger(configuration, SystemClock()))
  }

  private static func logger(
    _ configuration: ServiceConfiguration, _ clock: any WallClock
  ) -> Logger {
    Logger(label: configuration.service.rawValue) { label in
      LineLogHandler(
        label: label, level: configuration.logLevel.level, format: configuration.logFormat,
        clock: clock)
    }
  }

  private static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    return variables
  }

  private static func complain(_ service: ServiceName, _ sentence: String) {
    LineLogHandler.standardError("lockbox-\(service.rawValue): \(sentence)\n")
  }

  private static func exit(_ code: ExitCode) -> Never { Glibc.exit(code.rawValue) }
}
