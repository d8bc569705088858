internal import NIOPosix
internal import ProtobufC
internal import RPC
internal import Synchronization
internal import TLS

/// One client for each service that a command talks to, made when it is first needed.
final class RPCTransport: Transport {
  private let connection: Connection
  private let tls: TLSContext
  private let clients = Mutex<[Server: RPCClient]>([:])

  init(_ connection: Connection) throws(Failure) {
    self.connection = connection
    tls = try Self.tls(for: connection.configuration)
  }

  static func tls(for configuration: Configuration) throws(Failure) -> TLSContext {
    do {
      var client = TLSConfiguration.client(trustRootsFile: configuration.trustRoots)
      if let chain = configuration.clientCertificate, let key = configuration.clientKey {
        client.identity = .init(chainFile: chain, keyFile: key)
      }
      return try TLSContext(client)
    } catch {
      throw .configuration("\(error), as \(configuration.file) names it.")
    }
  }

  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server
  ) async throws(RPCError) -> Response {
    try await client(of: server).unary(
      method, request, options: CallOptions(timeout: connection.timeout, metadata: metadata))
  }

  func stream<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server,
    _ body: (Response) async throws -> Bool
  ) async throws {
    let responses = try client(of: server)
      .serverStreaming(method, request, options: CallOptions(metadata: metadata))
    for try await response in responses {
      guard try await body(response) else { return }
    }
  }

  func close() async {
    let clients = clients.withLock { Array($0.values) }
    for client in clients { await client.shutdown(grace: .zero) }
  }

  private var metadata: Metadata {
    connection.token.map { ["authorization": "Bearer \($0)"] } ?? [:]
  }

  private func client(of server: Server) throws(RPCError) -> RPCClient {
    guard let target = connection.configuration.endpoints[server] else {
      throw RPCError(
        .unavailable,
        "no address: write endpoints.\(server.rawValue) into "
          + connection.configuration.file)
    }
    return clients.withLock { clients in
      if let client = clients[server] { return client }
      let peer = ExpectedPeer.hostname(connection.configuration.serverName ?? target.host)
      let client = RPCClient(
        target: target, tls: tls, expecting: peer,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
      clients[server] = client
      return client
    }
  }
}
