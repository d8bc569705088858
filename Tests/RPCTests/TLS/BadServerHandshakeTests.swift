internal import COpenSSL
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("A client and servers that shake hands badly", .timeLimit(.minutes(2)))
struct BadServerHandshakeTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reason: TLSConnectionError.Reason
    /// What the server reads; nil when it is the one that gives up.
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
    "is refused, and is sent nothing",
    arguments: [
      Row("TLS 1.0", .versionTooOld, alert: nil) { $0.newest = TLS1_VERSION },
      Row("TLS 1.1", .versionTooOld, alert: nil) { $0.newest = TLS1_1_VERSION },
      Row("TLS 1.2", .versionTooOld, alert: nil) { $0.newest = TLS1_2_VERSION },
      Row("a weak suite", .refusedByPeer(TLSAlert(code: 40)), alert: nil) {
        $0.suites = "TLS_AES_128_CCM_8_SHA256"
        $0.oldest = TLS1_3_VERSION
      },
      Row("a group that is not ours", .refusedByPeer(TLSAlert(code: 40)), alert: nil) {
        $0.groups = "P-521"
      },
      Row("no ALPN", .noCommonProtocol, alert: nil) { $0.protocols = [] },
      Row("ALPN that we did not offer", .protocolViolation("bad extension"), alert: 50) {
        $0.protocols = ["http/1.1"]
      },
    ])
  func refused(_ row: Row) async throws {
    let world = try ForgedWorld()
    var setup = try EvilSetup(world.root.issue(ForgedWorld.request(.server)))
    row.change(&setup)
    let server = try EvilServer(setup)
    let error = try await world.call(server.port, world.client())
    let reason = TLSConnectionError(row.reason, at: .client)
    #expect(error?.message == "cannot reach approvals at 127.0.0.1:\(server.port): \(reason)")
    let outcome = try await server.outcome()
    #expect(outcome.alert == row.alert)
    #expect(outcome.received.isEmpty)
  }

  @Test(
    "a handshake message after the handshake ends the connection",
    arguments: [
      ("renegotiation", 0, []),
      ("a request for a certificate, which we offered to nobody", 13, [1, 7, 0, 4, 0, 13, 0, 0]),
      ("a second certificate", 11, [0, 0, 0, 0]),
      ("a client's message", 1, [UInt8](repeating: 0, count: 40)),
    ] as [(String, UInt8, [UInt8])])
  func lateMessage(_ name: String, _ type: UInt8, _ body: [UInt8]) async throws {
    let world = try ForgedWorld()
    let credential = try world.root.issue(ForgedWorld.request(.server))
    let server = try EvilServer(EvilSetup(credential) { $0.suites = "TLS_AES_128_GCM_SHA256" }) {
      let secret = try #require($0.secret("SERVER_TRAFFIC_SECRET_0"))
      $0.socket.send(try RecordForger(secret).handshakeRecord(RecordForger.message(type, body)))
    }
    let error = try await world.call(server.port, world.client())
    let reason = TLSConnectionError(.protocolViolation("unexpected message"), at: .client)
    #expect(error?.message == "cannot reach approvals at 127.0.0.1:\(server.port): \(reason)")
    #expect(try await server.outcome().alert == 10)
  }

  @Test(
    "a server that does not speak TLS is refused",
    arguments: [
      Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), Array("220 mail.example ESMTP\r\n".utf8),
      // SETTINGS of HTTP/2 in plain text.
      [0, 0, 0, 4, 0, 0, 0, 0, 0],
    ])
  func noTLS(_ bytes: [UInt8]) async throws {
    let world = try ForgedWorld()
    let listener = try PlainSocket.listen()
    async let received = onThread {
      let socket = try listener.accept()
      socket.send(bytes)
      return socket.receiveAll()
    }
    let error = try await world.call(listener.port, world.client())
    let reason = TLSConnectionError(.notTLS, at: .client)
    #expect(error?.message == "cannot reach approvals at 127.0.0.1:\(listener.port): \(reason)")
    // Our first message, and an alert.
    #expect(try await received.first == 22)
  }
}
