internal import DevPKI
internal import Glibc
internal import TLS
internal import TemporaryFiles

/// One authority and its certificates for all tests of the server, made once.
final class ServerPKI: Sendable {
  static let serverURI = "spiffe://test.example/lockbox/echo"
  static let clientURI = "spiffe://test.example/lockbox/caller"

  let server: TLSContext
  let client: TLSContext
  let anonymousClient: TLSContext

  static let shared: Result<ServerPKI, any Error> = Result { try ServerPKI() }

  private init() throws {
    let directory = TemporaryDirectory()
    func path(_ name: String) -> String { directory.file(name) }
    let validity = Validity(from: Int64(time(nil)), days: 1)
    let authority = try CertificateAuthority(name: "test root", validity: validity)
    try PrivateFile.write(authority.certificatePEM(), to: path("roots.pem"), mode: 0o600)
    try authority.issue(
      CertificateRequest(validity: validity, uriNames: [Self.serverURI], usages: [.server])
    ).write(chain: path("server.pem"), key: path("server.key"))
    try authority.issue(
      CertificateRequest(validity: validity, uriNames: [Self.clientURI], usages: [.client])
    ).write(chain: path("client.pem"), key: path("client.key"))
    let roots = path("roots.pem")
    server = try TLSContext(
      .server(
        identity: .init(chainFile: path("server.pem"), keyFile: path("server.key")),
        clientCertificates: .optional, trustRootsFile: roots))
    let identity = TLSConfiguration.Identity(
      chainFile: path("client.pem"), keyFile: path("client.key"))
    client = try TLSContext(.client(trustRootsFile: roots, identity: identity))
    anonymousClient = try TLSContext(.client(trustRootsFile: roots))
    // The contexts have read what they need of it.
    withExtendedLifetime(directory) {}
  }
}
