internal import AccessToken
internal import Domain
internal import ProtobufC
internal import RPC

/// A command with its configuration, its identity and its way to the services.
struct Session: Sendable {
  let shell: Shell
  let printer: Printer
  let configuration: Configuration
  let token: String?
  private let transport: any Transport

  init(
    _ options: GlobalOptions, in shell: Shell, needsToken: Bool = true
  ) throws(Failure) {
    self.shell = shell
    printer = Printer(shell, options.output)
    configuration = try Configuration.find(options.config, environment: shell.environment)
    token = try BearerToken.find(options, configuration, shell)
    if needsToken && token == nil {
      throw Failure(
        .permission,
        """
        Nobody is signed in: give a token with --token-file FILE or in LOCKBOXCTL_TOKEN, or in \
        development be somebody with --as NAME (`lockboxctl dev people` lists them).
        """)
    }
    transport = try shell.connect(
      Connection(
        configuration: configuration, token: token, timeout: options.timeout.duration))
  }

  /// Who is signed in, as the token says; the services look whether it is true.
  func subject() throws(Failure) -> Subject {
    guard let token, let subject = BearerToken.subject(of: token) else {
      throw Failure(
        .permission, "Your token is no JWT, so it does not tell whose decision to sign.")
    }
    return subject
  }

  func call<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server
  ) async throws(Failure) -> Response {
    do {
      return try await transport.unary(method, request, at: server)
    } catch {
      throw Failure(error, from: server, configuration)
    }
  }

  /// As `call`, with the server's own error for those who look at its code.
  func attempt<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server
  ) async throws(RPCError) -> Response {
    try await transport.unary(method, request, at: server)
  }

  func stream<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, at server: Server,
    _ body: (Response) async throws -> Bool
  ) async throws {
    do {
      try await transport.stream(method, request, at: server, body)
    } catch let error as RPCError {
      throw Failure(error, from: server, configuration)
    }
  }

  func close() async { await transport.close() }
}
