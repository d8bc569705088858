internal import DevPKI
internal import NIOCore
internal import TLS
internal import Testing

@Suite("A client and bad server certificates", .timeLimit(.minutes(1)))
struct BadServerTests {
  @Test("is refused inside the handshake", arguments: BadCertificate.forBoth + badForClients)
  func refused(_ bad: BadCertificate) async throws {
    let pki = try PKI()
    let credential = try bad.credential(pki, pki.serverRequest)
    let now = pki.now + bad.clock
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration(credential), now: { now }), greeting: [9])
    let near = try await server.connect(
      TLSContext(pki.clientConfiguration()), greeting: [1, 2, 3])
    let atServer = try await server.accept().outcome()
    let atClient = await near.outcome()
    #expect(atClient.reasons == [.certificateRefused(bad.problem)])
    #expect(atClient.handshake == nil)
    #expect(atClient.bytes.isEmpty)
    #expect(atServer.reasons == [.refusedByPeer(TLSAlert(code: bad.alert))])
    #expect(atServer.bytes.isEmpty)
    try await server.close()
  }

  struct Name: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: ExpectedPeer
    let change: @Sendable (inout CertificateRequest) -> Void

    init(
      _ name: String, _ expected: ExpectedPeer,
      _ change: @escaping @Sendable (inout CertificateRequest) -> Void = { _ in }
    ) {
      testDescription = name
      self.expected = expected
      self.change = change
    }
  }

  @Test(
    "a name that the certificate has is accepted",
    arguments: [
      Name("URI", .uri(PKI.serverURI)),
      Name("one URI of two, neither a SPIFFE ID", .uri("https://a.example/x")) {
        $0.uriNames = ["https://b.example/x", "https://a.example/x"]
      },
      Name("host name", .hostname("localhost")),
      Name("host name in other case", .hostname("LocalHost")),
      Name("whole-label wildcard", .hostname("a.b.example")) { $0.dnsNames = ["*.b.example"] },
      Name("IPv4 address", .hostname("127.0.0.1")),
      Name("IPv6 address", .hostname("::1")) { $0.addresses = ["::1"] },
    ])
  func accepted(_ name: Name) async throws {
    let outcome = try await handshake(name)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.bytes == [9])
    #expect(outcome.handshake != nil)
  }

  @Test(
    "a name that the certificate does not have is refused",
    arguments: [
      Name("another URI", .uri("spiffe://test.example/lockbox/audit")),
      Name("a URI that begins alike", .uri(PKI.serverURI + "2")),
      Name("the beginning of a URI", .uri("spiffe://test.example/lockbox")),
      Name("a URI in other case", .uri("spiffe://TEST.example/lockbox/server")),
      Name("a URI as common name only", .uri(PKI.serverURI)) {
        $0.commonName = PKI.serverURI
        $0.uriNames = []
      },
      Name("a URI as host name only", .uri("localhost")),
      Name("another host name", .hostname("example.org")),
      Name("a host name as common name only", .hostname("localhost")) {
        $0.commonName = "localhost"
        $0.dnsNames = []
      },
      Name("a host name as common name, without any SAN", .hostname("localhost")) {
        $0.commonName = "localhost"
        $0.dnsNames = []
        $0.uriNames = []
        $0.addresses = []
      },
      Name("a part-label wildcard", .hostname("local.b.example")) {
        $0.dnsNames = ["l*.b.example"]
      },
      Name("an address as host name", .hostname("127.0.0.1")) {
        $0.addresses = []
        $0.dnsNames = ["127.0.0.1"]
      },
      Name("another address", .hostname("127.0.0.2")),
    ])
  func wrongName(_ name: Name) async throws {
    let outcome = try await handshake(name)
    #expect(outcome.handshake == nil)
    #expect(outcome.bytes.isEmpty)
    switch outcome.reasons.first {
    case .certificateRefused(.wrongName(name.expected.name, _)): break
    // A host name goes to the server too, and ours knows who it is.
    case .refusedByPeer(TLSAlert(code: 112)): break
    default: Issue.record("refused for another reason: \(outcome.errors)")
    }
  }

  private func handshake(_ name: Name) async throws -> Outcome {
    let pki = try PKI()
    var request = pki.serverRequest
    name.change(&request)
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration(pki.authority.issue(request))), greeting: [9])
    let near = try await server.connect(
      TLSContext(pki.clientConfiguration()), expecting: name.expected)
    let outcome = await near.outcome { $0.isClosed || !$0.bytes.isEmpty }
    if !outcome.isClosed { try await near.channel.close() }
    try await server.close()
    return outcome
  }

  @Test(
    "an expectation that would switch the check off is refused",
    arguments: [
      ExpectedPeer.hostname(""), .uri(""), .hostname("localhost\0.example"), .uri("spiffe://a\0"),
      .hostname("localhost."),
    ])
  func emptyName(_ expected: ExpectedPeer) throws {
    let pki = try PKI()
    let context = try TLSContext(pki.clientConfiguration())
    #expect(throws: TLSError.self) { try TLSHandler(client: context, expecting: expected) }
  }
}

private let badForClients: [BadCertificate] = [
  BadCertificate("for clients only", .wrongPurpose, alert: 43) { $0.usages = [.client] },
  BadCertificate(
    "of another service",
    .wrongName(expected: PKI.serverURI, presented: ["spiffe://test.example/lockbox/other"]),
    alert: 42
  ) { $0.uriNames = ["spiffe://test.example/lockbox/other"] },
]
