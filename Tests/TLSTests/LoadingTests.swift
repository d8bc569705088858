internal import DevPKI
internal import Glibc
internal import TLS
internal import TemporaryFiles
internal import Testing

@Suite("Loading the files")
struct LoadingTests {
  struct Broken: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The file at fault.
    let file: String
    let reason: @Sendable (PKI) -> TLSError.Reason
    let damage: @Sendable (PKI) throws -> Void

    init(
      _ name: String, file: String, _ reason: @escaping @Sendable (PKI) -> TLSError.Reason,
      damage: @escaping @Sendable (PKI) throws -> Void
    ) {
      testDescription = name
      self.file = file
      self.reason = reason
      self.damage = damage
    }
  }

  @Test(
    "a file that is no good stops the start with one sentence that names it",
    arguments: [
      Broken("no certificate", file: "server.pem", { _ in .missing }) {
        unlink($0.path("server.pem"))
      },
      Broken("no key", file: "server.key", { _ in .missing }) { unlink($0.path("server.key")) },
      Broken("no trust roots", file: "roots.pem", { _ in .missing }) {
        unlink($0.path("roots.pem"))
      },
      Broken(
        "a certificate that is no PEM", file: "server.pem", { _ in .notPEM(wanted: .certificate) }
      ) {
        try $0.write("not PEM at all", "server.pem")
      },
      Broken("empty trust roots", file: "roots.pem", { _ in .notPEM(wanted: .certificate) }) {
        try $0.write("", "roots.pem")
      },
      Broken("a key without a key", file: "server.key", { _ in .notPEM(wanted: .privateKey) }) {
        try $0.write($0.authority.certificatePEM(), "server.key")
      },
      Broken("a damaged certificate", file: "server.pem", { _ in .malformed(.certificate) }) {
        try $0.write(
          "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "server.pem")
      },
      Broken(
        "a good root before a damaged one", file: "roots.pem", { _ in .malformed(.certificate) }
      ) {
        try $0.write(
          $0.authority.certificatePEM() + "-----BEGIN CERTIFICATE-----\nAAAA\n", "roots.pem")
      },
      Broken("a damaged key", file: "server.key", { _ in .malformed(.privateKey) }) {
        try $0.write(
          "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "server.key")
      },
      Broken("an encrypted key", file: "server.key", { _ in .encryptedKey }) {
        try $0.write(encryptedKey, "server.key")
      },
      Broken(
        "the key of another certificate", file: "server.key",
        { .keyMismatch(chainFile: $0.path("server.pem")) }
      ) { try $0.write($0.authority.credential().keyPEM, "server.key") },
      Broken(
        "an expired certificate", file: "server.pem", { .expired(.certificate, at: $0.now - 100) }
      ) { pki in
        _ = try pki.serverConfiguration(
          pki.authority.issue(pki.serverRequest, from: pki.now - 200, to: pki.now - 100))
      },
      Broken(
        "a certificate of the future", file: "server.pem",
        { .notYetValid(.certificate, from: $0.now + 1000) }
      ) { pki in
        _ = try pki.serverConfiguration(
          pki.authority.issue(pki.serverRequest, from: pki.now + 1000, to: pki.now + 2000))
      },
      Broken(
        "an expired revocation list", file: "crl.pem",
        { .expired(.revocationList, at: $0.now - 100) }
      ) { pki in
        let validity = Validity(notBefore: pki.now - 200, notAfter: pki.now - 100)
        try pki.write(
          pki.authority.revocationList(revoking: [], validity: validity), "crl.pem")
      },
      Broken("an empty revocation list", file: "crl.pem", { _ in .notPEM(wanted: .revocationList) })
      {
        try $0.write("", "crl.pem")
      },
      Broken("a key too weak", file: "server.pem", { _ in .refused("ee key too small") }) { pki in
        var request = pki.serverRequest
        request.key = .rsa(bits: 1024)
        _ = try pki.serverConfiguration(pki.authority.issue(request))
      },
    ])
  func broken(_ broken: Broken) throws {
    let pki = try PKI()
    let configuration = try pki.serverConfiguration(
      revocationList: pki.authority.revocationList(revoking: [], validity: pki.validity))
    let now = pki.now
    _ = try TLSContext(configuration, now: { now })
    try broken.damage(pki)
    do throws(TLSError) {
      _ = try TLSContext(configuration, now: { now })
      Issue.record("it was loaded")
    } catch {
      #expect(error.file == pki.path(broken.file))
      #expect(error.reason == broken.reason(pki))
      #expect(error.description.hasPrefix(pki.path(broken.file)))
    }
  }

  @Test("a path that is no file cannot be read")
  func directory() throws {
    let pki = try PKI()
    var configuration = try pki.serverConfiguration()
    configuration.trustRootsFile = pki.directory.path
    #expect(throws: TLSError.self) { try TLSContext(configuration) }
  }

  @Test("what must be set is demanded")
  func settings() throws {
    let pki = try PKI()
    let complete = try pki.serverConfiguration()
    var without = [complete, complete, complete]
    without[0].identity = nil
    without[1].trustRootsFile = nil
    without[2].applicationProtocols = []
    for configuration in without {
      #expect(throws: TLSError.self) { try TLSContext(configuration) }
    }
    // Only a client that demands no application protocol may offer none.
    var client = try pki.clientConfiguration()
    client.applicationProtocols = []
    #expect(throws: TLSError.self) { try TLSContext(client) }
    client.requiresApplicationProtocol = false
    _ = try TLSContext(client)
    without[2].requiresApplicationProtocol = false
    let server = without[2]
    #expect(throws: TLSError.self) { try TLSContext(server) }
    var anonymous = try pki.serverConfiguration(clientCertificates: .none)
    anonymous.trustRootsFile = nil
    _ = try TLSContext(anonymous)
  }
}

/// A P-256 key, AES-256-CBC, pass phrase "secret".
private let encryptedKey = """
  -----BEGIN ENCRYPTED PRIVATE KEY-----
  MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhG1jacivluOQICCAAw
  DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAtpGZbGBhz/qZHR7hAWYmQEgZCe
  qzvIV5jJGraIYMn84DT3cttImknaoma+wi4Fk2LaxBR9YYtyKeoiBELUzTOtnZUn
  iXL9faYXem1aDQRlICvuH++IGzz1EYbctgCivfjYxW2TUT45ds+++xzYhLdLNX5A
  VGRxuBKM7czl6NA1b8/VVwCjTbeGGalpaIlCX2xQlDCxRQKTG8/J06wbd86Mz4U=
  -----END ENCRYPTED PRIVATE KEY-----

  """
