internal import Domain
internal import NIOPosix
public import RPC
public import ServiceKit
public import StrictJSON
internal import Synchronization
internal import TLS

/// The files that services of one installation share in a test: certificates, issuers, data.
public final class TestInstallation: Sendable {
  public let directory = TemporaryDirectory()
  public let pki: TestPKI
  public let provider: TestIssuer
  public let contoso: TestIssuer
  public let clock: FakeClock
  public let log = LogCapture()
  /// A loopback address of its own: a port that a service comes back to cannot have become that of
  /// somebody's outgoing connection, which comes from 127.0.0.1.
  private let host =
    "127.\((0..<3).map { _ in String(Int.random(in: 1...254)) }.joined(separator: "."))"
  private let ports = Mutex<[ServiceName: Address]>([:])

  public init(clock: FakeClock = FakeClock()) async throws {
    self.clock = clock
    pki = TestPKI(in: directory)
    provider = try await TestIssuer(url: "https://login.provider.test")
    contoso = try await TestIssuer(url: "https://login.contoso.test")
    directory.write("provider.jwks", provider.jwks)
    directory.write("contoso.jwks", contoso.jwks)
    directory.write(
      "issuers.yaml",
      """
      issuers:
        - {issuer: "\(provider.url)", audience: lockbox, keys: provider.jwks}
        - {issuer: "\(contoso.url)", audience: lockbox, keys: contoso.jwks, tenant: contoso}
      """)
  }

  /// Where a service's service listener is, for those that are configured from now on.
  public func locate(_ service: ServiceName, at address: Address) {
    ports.withLock { $0[service] = address }
  }

  /// The configuration file of a service: any free ports, the data in a directory of its own.
  public func file(of service: ServiceName, more: String = "") -> String {
    let (certificate, key) = pki.files(of: service)
    let peers = ports.withLock { $0 }.map { "\($0.key.rawValue): \"\($0.value)\"" }
    return directory.write(
      "\(service.rawValue).yaml",
      """
      environment: development
      trust_domain: \(TestPKI.trustDomain)
      data_directory: \(service.rawValue)-data
      issuers: issuers.yaml
      tls: {certificate: \(certificate), key: \(key), authorities: \(pki.authorities)}
      people_listener: {address: "\(host):0"}
      service_listener: {address: "\(host):0"}
      metrics: {address: "\(host):0"}
      peers: {\(peers.sorted().joined(separator: ", "))}
      drain_time: 5s
      \(more)
      """)
  }

  /// The configuration of a service, with its own section.
  public func configuration<Section: ConfigurationSection>(
    of service: ServiceName, section: Section.Type, more: String = "", flags: [String] = []
  ) throws(StartError) -> (ServiceConfiguration, Section) {
    try ServiceConfiguration.load(
      service, file: file(of: service, more: more), environment: [:], flags: flags,
      section: section)
  }

  /// A client that shows a service's certificate, or none.
  public func client(
    of address: Address, as service: ServiceName?, expecting peer: ServiceName
  ) throws -> RPCClient {
    let own = service.map {
      pki.files("client-\($0.rawValue)", uri: $0.spiffeID(in: TestPKI.trustDomain))
    }
    let context = try TLSContext(
      .client(
        trustRootsFile: pki.authorities,
        identity: own.map { .init(chainFile: $0.certificate, keyFile: $0.key) }))
    return RPCClient(
      target: RPCTarget(host: address.host, port: address.port), tls: context,
      expecting: .uri(peer.spiffeID(in: TestPKI.trustDomain)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }

  /// The options of a call with a person's bearer token.
  public func bearer(
    _ issuer: TestIssuer, _ subject: String, _ roles: [Role], groups: [String] = [],
    claims: [String: Json] = [:]
  ) -> CallOptions {
    var all = issuer.claims(
      subject: subject, roles: roles.map(\.rawValue), groups: groups, at: clock.now())
    all.merge(claims) { _, more in more }
    let token = issuer.token(claims: .object(all))
    return CallOptions(metadata: ["authorization": "Bearer \(token)"])
  }
}
