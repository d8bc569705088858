internal import Domain
internal import Glibc
public import Logging
public import Storage

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
    await process("lockbox-\(service.rawValue)") {
      let (configuration, settings) = try ServiceConfiguration.load(
        service, file: options.config, environment: environment(), flags: options.settings,
        section: section)
      guard options.check else {
        return try await run(configuration) { try await assemble($0, settings) }
      }
      try await self.check(configuration)
      print("lockbox-\(service.rawValue): the configuration is good.")
      if let sentence = try await check(configuration, settings) {
        print("lockbox-\(service.rawValue): \(sentence)")
      }
    }
  }

  /// Runs a program to its end, with the exit code that tells how it ended.
  public static func process(_ program: String, _ body: () async throws -> Void) async -> Never {
    // A peer that is gone must not end the process; writing to it fails instead.
    signal(SIGPIPE, SIG_IGN)
    do {
      try await body()
      exit(.success)
    } catch let error as StartError {
      complain(program, error.sentence)
      exit(error.exitCode)
    } catch let error as StorageError {
      let error = StartError.storage(error)
      complain(program, error.sentence)
      exit(error.exitCode)
    } catch {
      complain(program, "The service ended: \(error).")
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
      onFatal: { stop(for: $0, logger) }, assemble: assemble)
    try await instance.start()
    try await instance.run(signals: true)
  }

  /// For a storage that can acknowledge nothing more: says why, and ends the process.
  public static func stop(for error: StorageError, _ logger: Logger) -> Never {
    logger.log(.critical, "storage failed, nothing more is acknowledged", .error(error))
    // At once, without cleaning up: nothing may be acknowledged after this.
    _exit(ExitCode.inputOutput.rawValue)
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

  /// The variables of the process.
  public static func environment() -> [String: String] {
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

  private static func complain(_ program: String, _ sentence: String) {
    LineLogHandler.standardError("\(program): \(sentence)\n")
  }

  private static func exit(_ code: ExitCode) -> Never { Glibc.exit(code.rawValue) }
}
