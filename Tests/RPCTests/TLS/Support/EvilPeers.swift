internal import COpenSSL
internal import NIOPosix
internal import TLS

/// What an evil end saw.
struct EvilOutcome: Sendable {
  /// What its own libssl says: a client of TLS 1.3 is done before the server has judged it.
  var isHandshakeDone = false
  var alert: UInt8?
  /// Application data.
  var received: [UInt8] = []
}

/// Runs what blocks on a thread that may.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await NIOThreadPool.singleton.runIfActive(body)
}

/// A client that connects, shakes hands, makes a call as soon as it can, and reads to the end.
enum EvilClient {
  static func call(_ port: Int, _ setup: EvilSetup) async throws -> EvilOutcome {
    try await onThread {
      let link = try EvilLink(.connect(to: port), setup, .client)
      if setup.sendsEarlyData { try sendEarly(link) }
      return try finish(link, then: { link.write(CallBytes.call) })
    }
  }

  /// As `call`, but with one forged handshake message in place of the call.
  static func forge(_ message: [UInt8], to port: Int, _ setup: EvilSetup) async throws
    -> EvilOutcome
  {
    try await onThread {
      let link = try EvilLink(.connect(to: port), setup, .client)
      return try finish(link) {
        if let secret = link.secret("CLIENT_TRAFFIC_SECRET_0") {
          link.socket.send(try RecordForger(secret).handshakeRecord(message))
        }
      }
    }
  }

  private static func finish(_ link: EvilLink, then: () throws -> Void) throws -> EvilOutcome {
    var outcome = EvilOutcome()
    outcome.isHandshakeDone = link.handshake()
    if outcome.isHandshakeDone {
      try then()
      outcome.received = link.readAll()
    }
    outcome.alert = link.takeAlert()
    return outcome
  }

  private static func sendEarly(_ link: EvilLink) throws {
    var count = 0
    try forge(SSL_write_early_data(link.ssl, CallBytes.call, CallBytes.call.count, &count))
    link.socket.send(link.takeOutput())
  }

  private static func forge(_ result: Int32) throws {
    guard result > 0 else { throw ForgeryFailure() }
  }
}

/// A server for one connection.
struct EvilServer: Sendable {
  let port: Int
  private let outcomes: Task<EvilOutcome, any Error>

  /// - Parameter speech: what to do after the handshake.
  init(_ setup: EvilSetup, then speech: @escaping @Sendable (EvilLink) throws -> Void = { _ in })
    throws
  {
    let listener = try PlainSocket.listen()
    port = listener.port
    outcomes = Task {
      try await onThread {
        let link = try EvilLink(listener.accept(), setup, .server)
        var outcome = EvilOutcome()
        outcome.isHandshakeDone = link.handshake()
        if outcome.isHandshakeDone {
          try speech(link)
          outcome.received = link.readAll()
        }
        outcome.alert = link.takeAlert()
        return outcome
      }
    }
  }

  func outcome() async throws -> EvilOutcome { try await outcomes.value }
}
