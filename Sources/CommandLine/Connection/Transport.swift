internal import ProtobufC
internal import RPC

/// The way to the services; tests put a fake there.
protocol Transport: Sendable {
  func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server
  ) async throws(RPCError) -> Response

  /// Hands every message of a stream to `body`, which returns false to stop.
  func stream<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server,
    _ body: (Response) async throws -> Bool
  ) async throws

  func close() async
}

/// How to reach the services, and as whom.
struct Connection: Sendable {
  let configuration: Configuration
  /// Sent as bearer token; nil: nobody.
  let token: String?
  /// Of each unary call.
  let timeout: Duration
}
