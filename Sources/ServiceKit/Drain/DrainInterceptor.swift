internal import RPC

/// Ends streams when the service stops; their callers come again elsewhere, or later.
struct DrainInterceptor: ServerInterceptor {
  private let signal: DrainSignal
  private let streams: Set<String>

  /// - Parameter streams: The paths of methods whose calls may last.
  init(_ signal: DrainSignal, streams: Set<String>) {
    self.signal = signal
    self.streams = streams
  }

  nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    guard streams.contains(context.path) else { return try await next(context) }
    if try await signal.run({ try await next(context) }) {
      throw RPCError(.unavailable, "the service is stopping")
    }
  }
}
