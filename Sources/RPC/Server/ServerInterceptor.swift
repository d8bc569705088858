/// Code around every call of a listener: whatever it does before `next` precedes the handler,
/// whatever it does after follows it. The status is sent when the outermost interceptor is through.
///
/// An interceptor refuses a call by throwing an `RPCError` instead of calling `next`; it hands
/// something on by changing the context that it calls `next` with.
public protocol ServerInterceptor: Sendable {
  nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws
}

extension [any ServerInterceptor] {
  /// Calls the interceptors from `index` on, the first one outermost, and `handler` innermost.
  nonisolated(nonsending) func run(
    from index: Int = 0, _ context: ServerContext,
    _ handler: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    guard index < count else { return try await handler(context) }
    try await self[index].intercept(context) { context in
      try await run(from: index + 1, context, handler)
    }
  }
}
