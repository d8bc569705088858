internal import Domain
internal import Files
internal import Logging
internal import MerkleLog
public import ServiceKit
internal import Storage
internal import TLS
internal import Web

/// A witness' whole life as a process.
public enum WitnessProgram {
  /// Runs until it is told to stop.
  /// - Parameter makesKey: makes the key, says its public half, and ends.
  public static func main(_ options: ServiceOptions, makesKey: Bool) async -> Never {
    await ServiceRunner.process("lockbox-witness") {
      let settings = try WitnessSettings(
        file: options.config, environment: ServiceRunner.environment(), flags: options.settings)
      if makesKey {
        print(try settings.makeKey().verifier.vkey)
      } else if options.check {
        let (signer, _, _) = try materials(settings)
        print("lockbox-witness: the configuration is good.")
        print(signer.verifier.vkey)
      } else {
        try await run(settings)
      }
    }
  }

  private static func materials(
    _ settings: WitnessSettings
  ) throws(StartError) -> (CosignatureSigner, [NoteVerifier], TLSContext) {
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: settings.certificate, keyFile: settings.key),
      clientCertificates: .none)
    tls.speaksHTTP()
    do {
      return (try settings.signer(), try settings.verifiers(), try TLSContext(tls))
    } catch let error as TLSError {
      throw .configuration("\(error).")
    } catch let error as StartError {
      throw error
    } catch {
      throw StartError(.software, "\(error).")
    }
  }

  private static func run(_ settings: WitnessSettings) async throws {
    let clock = SystemClock()
    let logger = Logger(label: "witness") { label in
      LineLogHandler(
        label: label, level: settings.logLevel.level, format: settings.logFormat, clock: clock)
    }
    let (signer, logs, tls) = try materials(settings)
    do {
      try File.makeDirectory(settings.dataDirectory)
    } catch {
      throw StartError(.inputOutput, "`data_directory`: \(error.path): \(error.reason).")
    }
    let store = try WitnessStore(
      path: settings.dataDirectory + "/witness.db", clock: clock,
      onFatal: { ServiceRunner.stop(for: $0, logger) })
    var limits = WebLimits()
    limits.drain = settings.drainTime
    let listener = HTTPSListener(
      WitnessHandlers(WitnessJudge(logs), store, signer, logger).routes, on: settings.address,
      addressKey: "https_listener.address", tls: tls, authorizer: nil, limits: limits,
      clock: clock, logger: logger)
    let registry = MetricsRegistry()
    registry.add(listener.collect)
    registry.add { $0.write(store.database.commitCounts) }
    let metrics = try await bind("metrics.address", settings.metricsAddress) {
      try await MetricsServer.start(on: settings.metricsAddress, registry)
    }
    let address = try await bind("https_listener.address", settings.address) {
      try await listener.start()
    }
    logger.log(
      .notice, "ready", .address("https", address), .address("metrics", metrics.address),
      .log(signer.verifier.vkey), .count("logs", logs.count))
    try await listener.runUntilSignal(logger)
    await metrics.close()
    await store.database.close()
    logger.log(.notice, "stopped")
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
