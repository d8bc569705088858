public import NIOCore
public import ProtobufC
public import TLS

/// A gRPC client of one server, which may have several addresses.
///
/// Connects with the first call and again whenever a call needs it, spreads calls over all addresses
/// that answer, and repeats only what is safe to repeat. Every call and every connection of a client
/// lives on one event loop.
public final class RPCClient: Sendable {
  let pool: ClientPool
  let options: RPCClientOptions

  /// - Parameters:
  ///   - tls: a context of the client role.
  ///   - peer: whom the server's certificate must name.
  ///   - group: not shut down by the client; must outlive it.
  public init(
    target: RPCTarget, tls: TLSContext, expecting peer: ExpectedPeer,
    options: RPCClientOptions = RPCClientOptions(), eventLoopGroup group: any EventLoopGroup
  ) {
    self.options = options
    pool = ClientPool(
      target: target, tls: tls, peer: peer, options: options, loop: group.next())
  }

  deinit {
    let pool = pool
    pool.loop.execute { pool.shutDown(grace: .zero, whenDone: nil) }
  }

  public var target: RPCTarget { pool.target }

  /// Tasks that prefer this executor run on the client's event loop: a call costs them no change of
  /// threads. Not for work that blocks.
  public var taskExecutor: any TaskExecutor { pool.executor }

  /// Takes no more calls, lets those that run end within `grace`, cancels the rest, and returns when
  /// every connection is closed.
  public func shutdown(grace: Duration = .seconds(5)) async {
    await withCheckedContinuation { continuation in
      pool.loop.execute { [pool] in
        pool.shutDown(grace: grace) { continuation.resume() }
      }
    }
  }

  // MARK: - Calls

  /// Calls a method with one request and one answer.
  ///
  /// - Throws: the server's error, or what kept the call from it: `unavailable` with the reason,
  ///   `deadlineExceeded`, `cancelled` when the task is cancelled.
  public func unary<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, options: CallOptions = CallOptions()
  ) async throws(RPCError) -> Response {
    try await unaryResponse(method, request, options: options).message
  }

  /// As `unary`, with the metadata and trailers of the answer.
  public func unaryResponse<Request, Response>(
    _ method: Method<Request, Response>, _ request: Request, options: CallOptions = CallOptions()
  ) async throws(RPCError) -> RPCResponse<Response> {
    let timeout = options.timeout ?? self.options.defaultTimeout
    let compression = options.compression ?? self.options.compression
    let call = UnaryCall(
      ClientCall.Request(
        path: method.path, metadata: try metadata(for: method.descriptor, options),
        message: try request.framedRequest(compression), compression: compression,
        acceptsCompressed: self.options.acceptsCompressed),
      deadline: ClientPool.deadline(after: timeout), timeout: timeout,
      waitForReady: options.waitForReady, retry: retry(of: method.descriptor, options),
      maximumResponseBytes: options.maximumResponseBytes ?? self.options.maximumResponseBytes)
    let answer = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        call.continuation = continuation
        pool.post(.start(call))
      }
    } onCancel: {
      pool.post(.cancel(call))
    }
    let response = try answer.get()
    return RPCResponse(
      message: try Response(answer: response.message, limit: call.maximumResponseBytes),
      isCompressed: response.isCompressed, metadata: response.metadata,
      trailers: response.trailers)
  }

  /// What is sent with a call besides its messages.
  func metadata(
    for method: MethodDescriptor, _ callOptions: CallOptions
  ) throws(RPCError) -> Metadata {
    var metadata = try options.metadataProvider?(method) ?? Metadata()
    metadata.add(contentsOf: callOptions.metadata)
    if !metadata.isEmpty, let problem = metadata.problem {
      throw RPCError(.internal, problem)
    }
    return metadata
  }

  /// How a call is repeated that the server may have seen.
  func retry(
    of method: MethodDescriptor, _ callOptions: CallOptions
  ) -> RPCClientOptions.RetryOptions? {
    callOptions.retry ?? (method.idempotency.isRepeatable ? options.retry : nil)
  }
}

extension Idempotency {
  fileprivate var isRepeatable: Bool {
    switch self {
    case .unknown: false
    case .idempotent, .noSideEffects: true
    }
  }
}
