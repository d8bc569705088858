internal import DevPKI
internal import Glibc
internal import NIOPosix
internal import ProtobufC
internal import TLS
internal import TemporaryFiles
internal import Testing

@testable internal import RPC

/// An authority and certificates of both ends, in files of their own.
final class ClientPKI: Sendable {
  static let serverURI = "spiffe://test.example/lockbox/approvals"

  private let directory = TemporaryDirectory()
  private let authority: CertificateAuthority
  private let validity: Validity

  init() throws {
    validity = Validity(from: Int64(time(nil)), days: 1)
    authority = try CertificateAuthority(name: "test root", validity: validity)
    try PrivateFile.write(authority.certificatePEM(), to: path("roots.pem"), mode: 0o600)
    let server = CertificateRequest(
      validity: validity, uriNames: [Self.serverURI], dnsNames: ["localhost"],
      addresses: ["127.0.0.1"], usages: [.server])
    try authority.issue(server).write(chain: path("server.pem"), key: path("server.key"))
    let client = CertificateRequest(
      validity: validity, uriNames: ["spiffe://test.example/lockbox/intake"], usages: [.client])
    try authority.issue(client).write(chain: path("client.pem"), key: path("client.key"))
  }

  func path(_ name: String) -> String { directory.file(name) }

  func server(
    clients: TLSConfiguration.ClientCertificates = .required
  ) throws -> TLSContext {
    try TLSContext(
      .server(
        identity: .init(chainFile: path("server.pem"), keyFile: path("server.key")),
        clientCertificates: clients, trustRootsFile: path("roots.pem")))
  }

  func client(anonymous: Bool = false) throws -> TLSContext {
    let identity = TLSConfiguration.Identity(
      chainFile: path("client.pem"), keyFile: path("client.key"))
    return try TLSContext(
      .client(trustRootsFile: path("roots.pem"), identity: anonymous ? nil : identity))
  }
}
