internal import ProtobufC
internal import RPC

/// The API as one person: each call carries their own token, and nothing else opens anything.
struct PersonAPI: Sendable {
  let clients: ServiceClients
  /// Never shown, never logged.
  private let token: String
  let timeout: Duration

  init(clients: ServiceClients, token: String, timeout: Duration = .seconds(10)) {
    self.clients = clients
    self.token = token
    self.timeout = timeout
  }

  /// Calls a method of whichever service has it.
  ///
  /// - Throws: what the service says; let it through, and the person gets a kind page.
  func call<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request
  ) async throws(RPCError) -> Response {
    try await clients.client(for: method.service)
      .unary(method, request, options: CallOptions(timeout: timeout, metadata: metadata))
  }

  /// Calls a method with a stream of answers, for downloads: ends with its reader.
  func stream<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request
  ) throws(RPCError) -> RPCResponses<Response> {
    try clients.client(for: method.service)
      .serverStreaming(method, request, options: CallOptions(timeout: timeout, metadata: metadata))
  }

  var metadata: Metadata { ["authorization": "Bearer \(token)"] }
}
