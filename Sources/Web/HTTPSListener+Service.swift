public import ServiceKit
public import TLS

extension HTTPSListener {
  /// The listener of a service for its people, as the configuration says; nil where it has none.
  ///
  /// People show bearer tokens, services a certificate.
  public static func make(
    _ settings: HTTPSListenerSettings, _ bench: ServiceWorkbench, _ routes: WebRoutes
  ) throws(StartError) -> HTTPSListener? {
    guard let address = settings.address, let tls = try context(settings, bench.configuration)
    else { return nil }
    var limits = WebLimits()
    limits.drain = bench.configuration.drainTime
    let listener = HTTPSListener(
      routes, on: address, addressKey: HTTPSListenerSettings.addressKey, tls: tls,
      authorizer: routes.authorizer(
        of: bench.configuration.service, trustDomain: bench.configuration.trustDomain,
        authenticator: bench.authenticator, logger: bench.logger),
      limits: limits, clock: bench.clock, logger: bench.logger)
    bench.metrics.add(listener.collect)
    return listener
  }

  /// What the listener shows and whom it trusts; nil where there is none. Also for `--check`.
  @discardableResult
  public static func context(
    _ settings: HTTPSListenerSettings, _ configuration: ServiceConfiguration
  ) throws(StartError) -> TLSContext? {
    guard settings.address != nil else { return nil }
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: settings.certificate, keyFile: settings.key),
      clientCertificates: .optional, trustRootsFile: configuration.transport.authorities,
      revocationListFile: configuration.transport.revocations)
    tls.speaksHTTP()
    do {
      return try TLSContext(tls)
    } catch {
      throw .configuration("\(error).")
    }
  }
}

extension TLSConfiguration {
  /// ALPN `http/1.1`, which many collectors do not name.
  public mutating func speaksHTTP() {
    applicationProtocols = ["http/1.1"]
    requiresApplicationProtocol = false
  }
}
