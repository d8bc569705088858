internal import COpenSSL
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("A server and clients that shake hands badly", .timeLimit(.minutes(2)))
struct BadClientHandshakeTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reason: TLSConnectionError.Reason
    /// nil: the connection is closed in good order instead.
    let alert: UInt8?
    let change: @Sendable (inout EvilSetup) -> Void

    init(
      _ name: String, _ reason: TLSConnectionError.Reason, alert: UInt8?,
      _ change: @escaping @Sendable (inout EvilSetup) -> Void
    ) {
      testDescription = name
      self.reason = reason
      self.alert = alert
      self.change = change
    }
  }

  @Test(
    "is refused, told why, and runs nothing",
    arguments: [
      Row("no certificate", .certificateMissing, alert: 116) { $0.credential = nil },
      Row("TLS 1.0", .versionTooOld, alert: 70) { $0.newest = TLS1_VERSION },
      Row("TLS 1.1", .versionTooOld, alert: 70) { $0.newest = TLS1_1_VERSION },
      Row("TLS 1.2", .versionTooOld, alert: 70) { $0.newest = TLS1_2_VERSION },
      Row("a weak suite", .noCommonAlgorithm("no shared cipher"), alert: 40) {
        $0.suites = "TLS_AES_128_CCM_8_SHA256"
        $0.oldest = TLS1_3_VERSION
      },
      Row("a suite with CCM", .noCommonAlgorithm("no shared cipher"), alert: 40) {
        $0.suites = "TLS_AES_128_CCM_SHA256"
        $0.oldest = TLS1_3_VERSION
      },
      Row("a group that is not ours", .noCommonAlgorithm("no suitable key share"), alert: 40) {
        $0.groups = "P-521"
      },
      Row("a finite-field group", .noCommonAlgorithm("no suitable key share"), alert: 40) {
        $0.groups = "ffdhe2048"
      },
      Row(
        "no signature scheme for our key",
        .noCommonAlgorithm("no suitable signature algorithm"), alert: 40
      ) { $0.signatures = "rsa_pss_rsae_sha256" },
      Row("no ALPN", .noCommonProtocol, alert: nil) { $0.protocols = [] },
      Row("ALPN http/1.1", .noCommonProtocol, alert: 120) { $0.protocols = ["http/1.1"] },
      Row("ALPN h2c", .noCommonProtocol, alert: 120) { $0.protocols = ["h2c"] },
      Row("ALPN in upper case", .noCommonProtocol, alert: 120) { $0.protocols = ["H2"] },
      Row("SNI of another service", .foreignServerName("audit.example"), alert: 112) {
        $0.serverName = "audit.example"
      },
    ])
  func refused(_ row: Row) async throws {
    let world = try ForgedWorld()
    let server = try await Self.server(world)
    var setup = try EvilSetup(world.root.issue(ForgedWorld.request(.client)))
    row.change(&setup)
    let outcome = try await EvilClient.call(server.port, setup)
    try await server.end()
    #expect(server.refusals == ["\(TLSConnectionError(row.reason, at: .server))"])
    #expect(server.counts.refused == [row.reason.label])
    #expect(server.counts.handled == 0)
    #expect(outcome.alert == row.alert)
    #expect(outcome.received.isEmpty)
  }

  @Test(
    "our own name and an address in SNI are no reason to refuse",
    arguments: [
      "localhost", "LOCALHOST", "127.0.0.1", "::1",
    ])
  func serverName(_ name: String) async throws {
    let world = try ForgedWorld()
    let server = try await Self.server(world)
    _ = try await EvilClient.call(
      server.port,
      EvilSetup(world.root.issue(ForgedWorld.request(.client))) { $0.serverName = name })
    try await server.end()
    #expect(server.counts.handled == 1)
  }

  @Test("another service's ticket gets a client in no sooner than its certificate")
  func foreignTicket() async throws {
    let world = try ForgedWorld()
    let session = try await Self.session(world)
    let server = try await Self.server(world)
    let outcome = try await EvilClient.call(server.port, EvilSetup(nil) { $0.session = session })
    try await server.end()
    #expect(server.refusals == ["\(TLSConnectionError(.certificateMissing, at: .server))"])
    #expect(server.counts.handled == 0)
    #expect(outcome.alert == 116)
  }

  @Test("data before the end of the handshake is not taken for a call")
  func earlyData() async throws {
    let world = try ForgedWorld()
    let session = try await Self.session(world)
    let server = try await Self.server(world)
    let outcome = try await EvilClient.call(
      server.port,
      EvilSetup(nil) {
        $0.session = session
        $0.sendsEarlyData = true
      })
    try await server.end()
    #expect(server.refusals.count == 1)
    #expect(server.counts.handled == 0)
    #expect(outcome.received.isEmpty)
  }

  @Test(
    "a handshake message after the handshake ends the connection",
    arguments: [
      ("renegotiation", 1, [UInt8](repeating: 0, count: 40)),
      // Empty lists: what a client would send that was asked after the handshake.
      ("an unasked certificate", 11, [0, 0, 0, 0]),
      ("an unasked proof", 15, [4, 3, 0, 0]),
      ("a second end", 20, [UInt8](repeating: 0, count: 32)),
      ("a server's message", 4, [0, 0, 0, 0]),
    ])
  func lateMessage(_ name: String, _ type: UInt8, _ body: [UInt8]) async throws {
    let world = try ForgedWorld()
    let server = try await Self.server(world)
    let setup = try EvilSetup(world.root.issue(ForgedWorld.request(.client))) {
      $0.suites = "TLS_AES_128_GCM_SHA256"
    }
    let outcome = try await EvilClient.forge(
      RecordForger.message(type, body), to: server.port, setup)
    try await server.end()
    #expect(
      server.refusals == [
        "\(TLSConnectionError(.protocolViolation("unexpected message"), at: .server))"
      ])
    #expect(server.counts.handled == 0)
    #expect(outcome.alert == 10)
  }

  @Test(
    "what is no TLS is refused",
    arguments: [
      ("a call in plain text", CallBytes.call),
      ("HTTP/1.1", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
      (
        "a client's first message of SSL 2",
        [0x80, 0x2E, 1, 0, 2] + [UInt8](repeating: 0, count: 43)
      ),
      ("zeros", [UInt8](repeating: 0, count: 64)),
      (
        "a record of more than a record holds",
        [22, 3, 1, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 64)
      ),
    ])
  func noTLS(_ name: String, _ bytes: [UInt8]) async throws {
    let world = try ForgedWorld()
    let server = try await Self.server(world)
    let answer = try await onThread {
      let socket = try PlainSocket.connect(to: server.port)
      socket.send(bytes)
      return socket.receiveAll()
    }
    try await server.end()
    #expect(server.refusals == ["\(TLSConnectionError(.notTLS, at: .server))"])
    #expect(server.counts.handled == 0)
    // At most one alert.
    #expect(answer.count <= 7)
  }

  /// Our server, which calls itself `localhost` too.
  static func server(_ world: ForgedWorld) async throws -> GuardedServer {
    var request = ForgedWorld.request(.server)
    request.names?.append(.dns("localhost"))
    return try await GuardedServer(world.server(showing: world.root.issue(request)))
  }

  /// What a client keeps that was let in by another service of the same authority, where tickets are
  /// given and early data is taken.
  private static func session(_ world: ForgedWorld) async throws -> EvilSession {
    let credential = try world.root.issue(ForgedWorld.request(.server))
    let other = try EvilServer(EvilSetup(credential)) { link in
      SSL_set_max_early_data(link.ssl, 1 << 14)
      SSL_new_session_ticket(link.ssl)
      link.write([0])
    }
    let own = try world.root.issue(ForgedWorld.request(.client))
    return try await onThread {
      let link = try EvilLink(.connect(to: other.port), EvilSetup(own), .client)
      #expect(link.handshake())
      // The ticket comes with the first data.
      var byte: UInt8 = 0
      while SSL_read(link.ssl, &byte, 1) <= 0, link.fill() {}
      // A connection freed without an end takes its session along.
      SSL_set_shutdown(link.ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
      let session = EvilSession(owning: try forged(SSL_get1_session(link.ssl)))
      #expect(SSL_SESSION_is_resumable(session.pointer) == 1)
      #expect(SSL_SESSION_get_max_early_data(session.pointer) > 0)
      return session
    }
  }
}
