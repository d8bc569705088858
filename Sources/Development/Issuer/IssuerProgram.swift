internal import CommandLine
internal import Domain
internal import Logging
public import ServiceKit
internal import TLS
internal import Web

/// `lockbox-dev issuer`: the issuers of `lockboxctl dev init` as OpenID providers.
public enum IssuerProgram {
  /// Runs until it is told to stop.
  public static func main(_ options: ServiceOptions) async -> Never {
    await ServiceRunner.process("lockbox-dev issuer") {
      let settings = try IssuerSettings(
        file: options.config, environment: ServiceRunner.environment(), flags: options.settings)
      let (issuers, tls) = try materials(settings)
      guard !options.check else { return print("lockbox-dev issuer: the configuration is good.") }
      let clock = SystemClock()
      let logger = Logger(label: "issuer") { label in
        LineLogHandler(
          label: label, level: settings.logLevel.level, format: settings.logFormat, clock: clock)
      }
      let listener = HTTPSListener(
        IssuerHandlers(issuers, settings, clock: clock).routes, on: settings.address,
        addressKey: IssuerSettings.addressKey, tls: tls, authorizer: nil, clock: clock,
        logger: logger)
      try await DevelopmentProgram.serve(listener, IssuerSettings.addressKey, logger)
    }
  }

  private static func materials(
    _ settings: IssuerSettings
  ) throws(StartError) -> (DevelopmentIssuers, TLSContext) {
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: settings.certificate, keyFile: settings.key),
      clientCertificates: .none)
    tls.speaksHTTP()
    do {
      return (try DevelopmentIssuers(directory: settings.directory), try TLSContext(tls))
    } catch {
      throw .configuration("\(error)")
    }
  }
}
