internal import Logging
internal import RPC
internal import TLS

/// Lets only callers through whose certificate names one of the allowed URIs.
struct CallerList: ServerInterceptor {
  let allowed: Set<String>
  let logger: Logger

  nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    guard let id = context.peer?.spiffeID, allowed.contains(id) else {
      logger.warning(
        "caller refused",
        metadata: [
          "reason": "not on the list of --allow", "method": "\(context.path)",
          "uris": "\(context.peer?.uriNames ?? [])",
        ])
      throw RPCError(.permissionDenied, "the caller may not use this server")
    }
    try await next(context)
  }
}
