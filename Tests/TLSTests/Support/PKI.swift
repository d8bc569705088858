internal import DevPKI
internal import Glibc
internal import TLS
internal import TemporaryFiles

/// An authority, its files in a directory of their own, and configurations over them.
final class PKI: Sendable {
  static let serverURI = "spiffe://test.example/lockbox/server"
  static let clientURI = "spiffe://test.example/lockbox/client"

  let directory = TemporaryDirectory()
  let authority: CertificateAuthority
  /// An intermediate authority.
  let between: CertificateAuthority
  let now = Int64(time(nil))

  init() throws {
    authority = try CertificateAuthority(
      name: "test root", validity: Validity(from: Int64(time(nil)), days: 30))
    between = try authority.intermediate(
      name: "test intermediate", validity: Validity(from: Int64(time(nil)), days: 10))
    try write(authority.certificatePEM(), "roots.pem")
  }

  func path(_ name: String) -> String { directory.file(name) }

  func write(_ text: String, _ name: String) throws {
    try PrivateFile.write(text, to: path(name), mode: 0o600)
  }

  var validity: Validity { Validity(from: now, days: 1) }

  var serverRequest: CertificateRequest {
    CertificateRequest(
      validity: validity, uriNames: [Self.serverURI], dnsNames: ["localhost"],
      addresses: ["127.0.0.1"], usages: [.server])
  }

  var clientRequest: CertificateRequest {
    CertificateRequest(validity: validity, uriNames: [Self.clientURI], usages: [.client])
  }

  /// - Parameter credential: nil for a correct one.
  func serverConfiguration(
    _ credential: Credential? = nil,
    clientCertificates: TLSConfiguration.ClientCertificates = .required,
    revocationList: String? = nil
  ) throws -> TLSConfiguration {
    try (credential ?? authority.issue(serverRequest)).write(
      chain: path("server.pem"), key: path("server.key"))
    if let revocationList { try write(revocationList, "crl.pem") }
    return .server(
      identity: .init(chainFile: path("server.pem"), keyFile: path("server.key")),
      clientCertificates: clientCertificates, trustRootsFile: path("roots.pem"),
      revocationListFile: revocationList.map { _ in path("crl.pem") })
  }

  /// - Parameter credential: nil for none.
  func clientConfiguration(_ credential: Credential?) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.client(trustRootsFile: path("roots.pem"))
    if let credential {
      try credential.write(chain: path("client.pem"), key: path("client.key"))
      configuration.identity = .init(chainFile: path("client.pem"), keyFile: path("client.key"))
    }
    return configuration
  }

  func clientConfiguration() throws -> TLSConfiguration {
    try clientConfiguration(authority.issue(clientRequest))
  }
}
