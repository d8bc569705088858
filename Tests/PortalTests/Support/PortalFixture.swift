internal import Domain
internal import ServiceKit
internal import Storage
internal import TLS
internal import TestKit
internal import Web

@testable internal import Portal

/// A portal with an issuer and services, all over real sockets.
final class PortalFixture: Sendable {
  static let origin = "https://portal.test"

  let installation: TestInstallation
  let issuer: FakeIssuer
  let services: FakeServices
  let portal: Portal
  let listener: HTTPSListener
  let address: Address
  let store: any SessionStore

  var clock: FakeClock { installation.clock }

  /// - Parameters:
  ///   - given: nil: an installation of its own.
  ///   - flags: settings over those of the test.
  ///   - store: nil: in memory.
  init(
    in given: TestInstallation? = nil, flags: [String] = [],
    store: (any SessionStore)? = nil, clock: FakeClock = FakeClock(),
    limits change: (inout WebLimits) -> Void = { _ in }
  ) async throws {
    let installation =
      if let given { given } else { try await TestInstallation(clock: clock) }
    self.installation = installation
    issuer = try await FakeIssuer(installation.contoso, in: installation)
    services = FakeServices()
    let approvals = try await services.start(in: installation)
    installation.directory.write(
      "clients.yaml",
      """
      clients:
        - issuer: \(installation.contoso.url)
          name: Contoso <Ltd>
          client_id: \(FakeIssuer.client)
          configuration_url: \(issuer.configurationURL)
          authorities: \(installation.pki.authorities)
      """)
    let files = installation.pki.files("portal", uri: nil)
    // Of its own: a port that the portal comes back to cannot be that of somebody's connection.
    let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).1"
    let file = installation.directory.write(
      "portal.yaml",
      """
      environment: development
      public_url: \(Self.origin)
      data_directory: portal-data
      issuers: issuers.yaml
      clients: clients.yaml
      https_listener: {address: "\(host):0", certificate: \(files.certificate), key: \(files.key)}
      services: {authorities: \(installation.pki.authorities), approvals: "\(approvals)"}
      drain_time: 2s
      """)
    let settings = try PortalSettings(file: file, environment: [:], flags: flags)
    let logger = installation.log.logger("portal")
    self.store = store ?? MemorySessionStore()
    portal = try await Portal(
      settings, store: self.store, clock: installation.clock, logger: logger)
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    tls.speaksHTTP()
    var limits = PortalProgram.limits(settings)
    change(&limits)
    listener = PortalProgram.listener(
      portal, settings, try TLSContext(tls), limits, installation.clock, logger)
    address = try await listener.start()
  }

  func browser() -> TestBrowser { TestBrowser(self) }

  /// A browser that has signed in as the issuer's present person.
  func signedIn() async throws -> TestBrowser {
    let browser = browser()
    _ = try await browser.signIn()
    return browser
  }

  func caller() async throws -> HTTPSCaller { try await HTTPSCaller(address, installation.pki) }

  func stop() async throws {
    listener.shutdown()
    try await listener.run()
    await portal.clients.shutdown()
    services.stop()
    try await issuer.stop()
  }
}
