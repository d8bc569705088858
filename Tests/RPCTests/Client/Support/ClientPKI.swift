internal import DevPKI
internal import Glibc
internal import NIOPosix
internal import ProtobufC
internal import TLS
internal import Testing

@testable internal import RPC

/// An authority and certificates of both ends, in files of their own.
final class ClientPKI: Sendable {
  static let serverURI = "spiffe://test.example/lockbox/approvals"

  let directory: String
  private let authority: CertificateAuthority
  private let validity: Validity

  init() throws {
    var template = Array("/tmp/lockbox-rpc-XXXXXX\0".utf8CString)
    try #require(mkdtemp(&template) != nil)
    directory = String(
      decoding: template.map(UInt8.init(bitPattern:)).prefix { $0 != 0 }, as: UTF8.self)
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

  deinit {
    for name in ["roots.pem", "server.pem", "server.key", "client.pem", "client.key"] {
      unlink(path(name))
    }
    rmdir(directory)
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

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
