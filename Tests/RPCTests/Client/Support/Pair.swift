internal import Logging
internal import NIOCore
internal import TLS
internal import Testing

@testable internal import RPC

/// The client and the server of this module, over TLS with certificates on both sides.
struct Pair {
  let client: RPCClient
  let server: RPCServer
  private let running: Task<Void, any Error>

  init(
    limits: ServerLimits = .standard, options: RPCClientOptions = .impatient,
    _ build: (inout Router) -> Void
  ) async throws {
    var router = Router()
    build(&router)
    try await self.init(router, limits: limits, options: options)
  }

  init(
    _ router: Router, limits: ServerLimits = .standard, options: RPCClientOptions = .impatient,
    pki: ClientPKI? = nil
  ) async throws {
    let pki = try pki ?? ClientPKI()
    let listener = Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: 0), tls: try pki.server(),
      router: router, limits: limits)
    let server = RPCServer(
      listeners: [listener], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let port = try #require(try await server.start().first?.port)
    self.server = server
    running = Task { try await server.run() }
    client = try Fixture.client(of: port, pki, options: options)
  }

  func end() async throws {
    await client.shutdown(grace: .zero)
    server.shutdown()
    try await running.value
  }
}
