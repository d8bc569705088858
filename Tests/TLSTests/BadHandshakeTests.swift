internal import DevPKI
internal import NIOCore
internal import TLS
internal import Testing

@Suite("Peers that speak something else", .timeLimit(.minutes(1)))
struct BadHandshakeTests {
  let pki: PKI
  let server: Loopback

  init() async throws {
    pki = try PKI()
    server = try await Loopback(
      TLSContext(pki.serverConfiguration(clientCertificates: .optional)), greeting: [9])
  }

  @Test("a client without our application protocol is refused")
  func otherProtocol() async throws {
    var configuration = try pki.clientConfiguration()
    configuration.applicationProtocols = ["http/1.1"]
    let near = try await server.connect(TLSContext(configuration), greeting: [1, 2, 3])
    let atServer = try await server.accept().outcome()
    #expect(atServer.reasons == [.noCommonProtocol])
    #expect(atServer.bytes.isEmpty)
    #expect(await near.outcome().reasons == [.noCommonProtocol])
    try await server.close()
  }

  struct Outsider: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let options: [String]
    let reason: TLSConnectionError.Reason
    /// What openssl must say about it.
    let complaint: String
  }

  @Test(
    "an outside client is refused",
    arguments: [
      Outsider(
        testDescription: "with TLS 1.2", options: ["-alpn", "h2", "-tls1_2"],
        reason: .versionTooOld, complaint: "alert protocol version"),
      Outsider(
        testDescription: "without ALPN", options: [], reason: .noCommonProtocol,
        complaint: "closed"),
      Outsider(
        testDescription: "with another protocol", options: ["-alpn", "http/1.1"],
        reason: .noCommonProtocol, complaint: "alert no application protocol"),
      Outsider(
        testDescription: "with other groups", options: ["-alpn", "h2", "-groups", "P-521"],
        reason: .noCommonAlgorithm("no suitable key share"), complaint: "alert handshake failure"),
    ])
  func outsider(_ outsider: Outsider) async throws {
    let output = try await OpenSSLCommand.run(
      ["s_client", "-connect", "127.0.0.1:\(server.port)"] + outsider.options)
    let atServer = try await server.accept().outcome()
    #expect(atServer.reasons == [outsider.reason])
    #expect(atServer.handshake == nil)
    #expect(output.contains(outsider.complaint), "\(output)")
    try await server.close()
  }

  @Test(
    "an outside server is refused",
    arguments: [
      (["-alpn", "h2", "-tls1_2"], TLSConnectionError.Reason.versionTooOld),
      ([], .noCommonProtocol),
      (["-alpn", "http/1.1"], .noCommonProtocol),
    ])
  func outsideServer(_ options: [String], _ reason: TLSConnectionError.Reason) async throws {
    let outside = try OpenSSLServer(pki, options)
    let client = try TLSContext(pki.clientConfiguration())
    let near = try await Loopback.connect(port: outside.port, greeting: [1, 2, 3]) {
      [try TLSHandler(client: client, expecting: .uri(PKI.serverURI))]
    }
    let outcome = await near.outcome()
    #expect(outcome.reasons == [reason])
    #expect(outcome.handshake == nil)
    try await server.close()
  }

  @Test(
    "plain text on the TLS port is refused",
    arguments: [
      "GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "EHLO there is no mail\r\n",
    ])
  func plainText(_ text: String) async throws {
    let near = try await server.connectPlain()
    try await near.send(Array(text.utf8))
    let atServer = try await server.accept().outcome()
    #expect(atServer.reasons == [.notTLS])
    #expect(atServer.bytes.isEmpty)
    // At most an alert, and nothing of the application's.
    #expect(await near.outcome().bytes.count <= 7)
    try await server.close()
  }

  @Test("a client that says nothing is given up after the handshake's time")
  func silence() async throws {
    let limit = Duration.milliseconds(50)
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration()), timeouts: TLSTimeouts(handshake: limit))
    let near = try await server.connectPlain()
    let atServer = try await server.accept().outcome()
    #expect(atServer.reasons == [.handshakeTimeout(limit)])
    #expect(await near.outcome().bytes.isEmpty)
    try await server.close()
  }

  @Test("a client that leaves during the handshake is reported once")
  func leaves() async throws {
    let near = try await server.connectPlain()
    // The beginning of a ClientHello.
    try await near.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
    try await near.channel.close()
    let atServer = try await server.accept().outcome()
    #expect(atServer.reasons == [.closedInHandshake])
    try await server.close()
  }

  @Test("no session tickets are given, and a session offered is not resumed")
  func noTickets() async throws {
    let server = try await Loopback(
      TLSContext(pki.serverConfiguration(clientCertificates: .none)), greeting: Array("hello".utf8))
    let arguments = ["s_client", "-connect", "127.0.0.1:\(server.port)", "-alpn", "h2", "-msg"]
    async let output = OpenSSLCommand.run(arguments)
    let far = try await server.accept()
    let open = await far.outcome { $0.handshake != nil }
    #expect(open.handshake != nil)
    try await far.channel.close()
    let text = try await output
    #expect(text.contains("New, TLSv1.3"), "\(text)")
    #expect(text.contains("hello"), "\(text)")
    #expect(!text.contains("NewSessionTicket"), "\(text)")
    try await server.close()
  }
}
