internal import AccessToken
internal import Domain
internal import Glibc
internal import MerkleLog
internal import NIOPosix
internal import RPC
internal import ServiceKit
internal import TLS
internal import TestKit

/// What a deployment's operator writes: certificates, issuers, keys, one configuration a service.
final class DeploymentFiles: Sendable {
  let directory = TemporaryDirectory()
  let pki: TestPKI
  let cast: Cast
  let logKey: VerificationKey
  let tokenKeys: PublicKeySet
  let host = newHost()

  static let originPrefix = "lockbox.test/log"
  static let tokenIssuer = "https://lockbox.test"
  static let tokenAudience = "gate"

  init(tenants: [String]) async throws {
    pki = TestPKI(in: directory)
    let provider = try await TestIssuer(url: "https://login.provider.test")
    var customers: [String: TestIssuer] = [:]
    for tenant in tenants {
      customers[tenant] = try await TestIssuer(url: "https://login.\(tenant).test")
    }
    cast = Cast(provider: provider, customers: customers, at: SystemClock().now())

    let log = SigningKey.generate()
    let token = SigningKey.generate()
    try log.save(to: directory.file("log.key"))
    try token.save(to: directory.file("token.key"))
    logKey = log.publicKey
    tokenKeys = AccessTokenSigner(key: token).publicKeys

    directory.write("provider.jwks", provider.jwks)
    var issuers = "  - {issuer: \"\(provider.url)\", audience: lockbox, keys: provider.jwks}\n"
    for (tenant, issuer) in customers.sorted(by: { $0.key < $1.key }) {
      directory.write("\(tenant).jwks", issuer.jwks)
      issuers += "  - {issuer: \"\(issuer.url)\", audience: lockbox, keys: \(tenant).jwks, "
      issuers += "tenant: \(tenant)}\n"
    }
    directory.write("issuers.yaml", "issuers:\n" + issuers)
    for service in ServiceName.allCases {
      directory.write("\(service.rawValue).yaml", text(of: service))
    }
  }

  /// A loopback address of a test's own: its ports are nobody else's, also while a service is down.
  /// Outgoing connections come from 127.0.0.1.
  static func newHost() -> String {
    "127.\((0..<3).map { _ in String(Int.random(in: 1...254)) }.joined(separator: "."))"
  }

  func configuration(of service: ServiceName) -> String {
    directory.file("\(service.rawValue).yaml")
  }

  /// Where what a service writes to stdout and stderr goes.
  func output(of service: ServiceName) -> String { directory.file("\(service.rawValue).out") }

  func data(of service: ServiceName) -> String { directory.file("\(service.rawValue)-data") }

  /// A client of the people listener, without a certificate.
  func client(of service: ServiceName, _ options: RPCClientOptions) throws -> RPCClient {
    RPCClient(
      target: RPCTarget(host: host, port: service.ports.people),
      tls: try TLSContext(.client(trustRootsFile: pki.authorities)),
      expecting: .uri(service.spiffeID(in: TestPKI.trustDomain)), options: options,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
  }

  /// Writes notify's configuration anew: mails go to this port.
  func setMailServer(port: Int) {
    directory.write("notify.yaml", text(of: .notify, mailPort: port))
  }

  /// The configuration file of a service; relative paths are from its directory.
  func text(of service: ServiceName, mailPort: Int = 1) -> String {
    let (certificate, key) = pki.files(of: service)
    let ports = service.ports
    let peers = ServiceName.allCases.map { "\($0.rawValue): \"\(host):\($0.ports.service)\"" }
    let own =
      switch service {
      case .intake, .expiry, .export, .gate: ""
      case .approvals:
        """
        token: {signing_key: token.key, issuer: "\(Self.tokenIssuer)", \
        audience: \(Self.tokenAudience)}
        minimum_lifetime: 1s
        audit: {receipt_timeout: 10s}
        """
      case .notify:
        "mail: {server: \"\(host):\(mailPort)\", security: plain, sender: lockbox@provider.test}"
      case .audit: "audit: {signing_key: log.key, origin_prefix: \(Self.originPrefix)}"
      }
    return """
      environment: development
      trust_domain: \(TestPKI.trustDomain)
      data_directory: \(service.rawValue)-data
      issuers: issuers.yaml
      tls: {certificate: \(certificate), key: \(key), authorities: \(pki.authorities)}
      people_listener: {address: "\(host):\(ports.people)"}
      service_listener: {address: "\(host):\(ports.service)"}
      metrics: {address: "\(host):\(ports.metrics)"}
      peers: {\(peers.joined(separator: ", "))}
      drain_time: 2s
      \(own)
      """ + "\n"
  }
}
