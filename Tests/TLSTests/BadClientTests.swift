internal import DevPKI
internal import NIOCore
internal import TLS
internal import Testing

@Suite("A server and bad client certificates", .timeLimit(.minutes(1)))
struct BadClientTests {
  @Test("is refused inside the handshake", arguments: BadCertificate.forBoth + badForServers)
  func refused(_ bad: BadCertificate) async throws {
    try await check(bad, .required)
  }

  @Test("is refused even where no certificate is demanded", arguments: BadCertificate.forBoth)
  func refusedThoughOptional(_ bad: BadCertificate) async throws {
    try await check(bad, .optional)
  }

  private func check(
    _ bad: BadCertificate, _ mode: TLSConfiguration.ClientCertificates
  ) async throws {
    let pki = try PKI()
    let credential = try bad.credential(pki, pki.clientRequest)
    let list = try bad.revocationList?(pki, credential)
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration(clientCertificates: mode, revocationList: list)),
      greeting: [9])
    let now = pki.now + bad.clock
    let client = try TLSContext(pki.clientConfiguration(credential), now: { now })
    let near = try await server.connect(client, greeting: [1, 2, 3])
    let atServer = try await server.accept().outcome()
    let atClient = await near.outcome()
    #expect(atServer.reasons == [.certificateRefused(bad.problem)])
    #expect(atServer.handshake == nil)
    #expect(atServer.bytes.isEmpty)
    #expect(atClient.reasons == [.refusedByPeer(TLSAlert(code: bad.alert))])
    #expect(atClient.bytes.isEmpty)
    try await server.close()
  }

  @Test("a client without a certificate is refused, and learns why")
  func none() async throws {
    let pki = try PKI()
    let server = try await Loopback(TLSContext(pki.serverConfiguration()))
    let near = try await server.connect(
      TLSContext(pki.clientConfiguration(nil)), greeting: [1, 2, 3])
    let atServer = try await server.accept().outcome()
    let atClient = await near.outcome()
    #expect(atServer.reasons == [.certificateMissing])
    #expect(atServer.handshake == nil)
    #expect(atServer.bytes.isEmpty)
    #expect(
      atClient.errors.map { "\($0)" } == [
        "the server refused our certificate: certificate required"
      ])
    try await server.close()
  }

  @Test(
    "a client without a certificate is welcome where none is demanded",
    arguments: [TLSConfiguration.ClientCertificates.optional, .none])
  func anonymous(_ mode: TLSConfiguration.ClientCertificates) async throws {
    let pki = try PKI()
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration(clientCertificates: mode)))
    let near = try await server.connect(
      TLSContext(pki.clientConfiguration(nil)), greeting: [1, 2, 3])
    let atServer = try await server.accept().outcome { $0.bytes.count == 3 }
    #expect(atServer.handshake != nil)
    #expect(atServer.handshake?.peer == nil)
    #expect(atServer.errors.isEmpty)
    try await near.channel.close()
    try await server.close()
  }

  @Test("a certificate that is shown where none is demanded identifies its owner")
  func optional() async throws {
    let pki = try PKI()
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration(clientCertificates: .optional)))
    let near = try await server.connect(TLSContext(pki.clientConfiguration()), greeting: [1])
    let atServer = try await server.accept().outcome { $0.handshake != nil }
    #expect(atServer.handshake?.peer?.spiffeID == PKI.clientURI)
    try await near.channel.close()
    try await server.close()
  }

  @Test("a client behind intermediates, with lists of all issuers, is let in")
  func revocationListsOfAChain() async throws {
    let pki = try PKI()
    let lists =
      try pki.authority.revocationList(revoking: [], validity: pki.validity)
      + pki.between.revocationList(revoking: [], validity: pki.validity)
    let server = try await Loopback(TLSContext(pki.serverConfiguration(revocationList: lists)))
    let near = try await server.connect(
      TLSContext(pki.clientConfiguration(pki.between.issue(pki.clientRequest))), greeting: [1])
    let atServer = try await server.accept().outcome { $0.bytes.count == 1 }
    #expect(atServer.handshake?.peer?.spiffeID == PKI.clientURI)
    try await near.channel.close()
    try await server.close()
  }
}

private let badForServers: [BadCertificate] = [
  BadCertificate("for servers only", .wrongPurpose, alert: 43) { $0.usages = [.server] },
  BadCertificate(
    "revoked", .revoked, alert: 44,
    revocationList: { pki, credential in
      try pki.authority.revocationList(revoking: [credential], validity: pki.validity)
    },
    made: { pki, request in try pki.authority.issue(request) }),
  BadCertificate(
    "of an authority without a revocation list", .revocationUnknown, alert: 48,
    revocationList: { pki, _ in
      try CertificateAuthority(name: "other", validity: pki.validity)
        .revocationList(revoking: [], validity: pki.validity)
    },
    made: { pki, request in try pki.authority.issue(request) }),
  BadCertificate(
    "of a revoked intermediate", .revoked, alert: 44,
    revocationList: { pki, _ in
      try pki.authority.revocationList(
        revoking: [pki.between.credential()], validity: pki.validity)
        + pki.between.revocationList(revoking: [], validity: pki.validity)
    },
    made: { pki, request in try pki.between.issue(request) }),
]
