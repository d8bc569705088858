public import ProtobufC

/// The methods of a listener and the functions that serve them. What is not in it does not exist
/// for the listener's callers: they are answered `unimplemented`.
///
/// ```swift
/// var router = Router()
/// router.unary(IntakeV1.IntakeService.getAccessRequest) { request, context in … }
/// ```
///
/// Handlers run on the event loop of their connection, and come back there after each `await`:
/// what computes or blocks for long belongs into a task of its own.
public struct Router: Sendable {
  private(set) var routes: [Route] = []

  public init() {}

  /// The paths served, in the order of their addition.
  public var paths: [String] { routes.map(\.method.path) }

  /// Serves a method with one request and one response.
  @inlinable
  public mutating func unary<Request: Message, Response: Message>(
    _ method: Method<Request, Response>,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) {
    // Inlinable, so that it is specialised where the messages are known.
    addUnary(method.descriptor) { call, context in
      let response = try await handler(try call.request(), context)
      if try !call.hold(response) { try await call.holdFromAnywhere(response) }
    }
  }

  /// Serves a method that answers one request with any number of responses. The stream ends when
  /// the handler returns.
  public mutating func serverStreaming<Request: Message, Response: Message>(
    _ method: Method<Request, Response>,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (
        Request, ResponseWriter<Response>, ServerContext
      ) async throws -> Void
  ) {
    add(method.descriptor, .serverStreaming) { call, context in
      try await handler(try call.request(), ResponseWriter(stream: call.stream), context)
    }
  }

  /// Serves a method that takes any number of requests and answers once.
  public mutating func clientStreaming<Request: Message, Response: Message>(
    _ method: Method<Request, Response>,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (
        RequestSequence<Request>, ServerContext
      ) async throws -> Response
  ) {
    add(method.descriptor, .clientStreaming) { call, context in
      let response = try await handler(RequestSequence(stream: call.stream), context)
      try await call.holdFromAnywhere(response)
    }
  }

  /// Serves a method in which both sides stream.
  public mutating func bidirectional<Request: Message, Response: Message>(
    _ method: Method<Request, Response>,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (
        RequestSequence<Request>, ResponseWriter<Response>, ServerContext
      ) async throws -> Void
  ) {
    add(method.descriptor, .bidirectionalStreaming) { call, context in
      try await handler(
        RequestSequence(stream: call.stream), ResponseWriter(stream: call.stream), context)
    }
  }

  @usableFromInline
  mutating func addUnary(
    _ method: MethodDescriptor,
    _ serve:
      nonisolated(nonsending) @escaping @Sendable (HandledCall, ServerContext) async throws -> Void
  ) {
    add(method, .unary, serve)
  }

  private mutating func add(
    _ method: MethodDescriptor, _ kind: MethodKind,
    _ serve:
      nonisolated(nonsending) @escaping @Sendable (HandledCall, ServerContext) async throws -> Void
  ) {
    precondition(method.kind == kind, "\(method.path) is \(method.kind), not \(kind)")
    precondition(!routes.contains { $0.method.path == method.path }, "\(method.path) twice")
    routes.append(Route(method: method, serve: serve))
  }
}
