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
  public mutating func unary<Request: Message, Response: Message>(
    _ method: Method<Request, Response>,
    _ handler:
      nonisolated(nonsending) @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) {
    add(method.descriptor, .unary) { stream, context in
      let response = try await handler(try stream.takeRequest(), context)
      try await stream.hold(response)
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
    add(method.descriptor, .serverStreaming) { stream, context in
      try await handler(try stream.takeRequest(), ResponseWriter(stream: stream), context)
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
    add(method.descriptor, .clientStreaming) { stream, context in
      let response = try await handler(RequestSequence(stream: stream), context)
      try await stream.hold(response)
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
    add(method.descriptor, .bidirectionalStreaming) { stream, context in
      try await handler(
        RequestSequence(stream: stream), ResponseWriter(stream: stream), context)
    }
  }

  private mutating func add(
    _ method: MethodDescriptor, _ kind: MethodKind,
    _ serve:
      nonisolated(nonsending) @escaping @Sendable (ServerStream, ServerContext) async throws -> Void
  ) {
    precondition(method.kind == kind, "\(method.path) is \(method.kind), not \(kind)")
    precondition(!routes.contains { $0.method.path == method.path }, "\(method.path) twice")
    routes.append(Route(method: method, serve: serve))
  }
}
