internal import Domain
public import Logging
public import RPC
internal import Storage

/// Turns whatever a handler throws into a status; what is our fault is told to the log, once, and
/// not to the caller.
public struct ErrorMapper: ServerInterceptor {
  private let logger: Logger

  public init(logger: Logger) { self.logger = logger }

  public nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    do {
      try await next(context)
    } catch {
      throw map(error, path: context.path, trace: context[TraceContextKey.self])
    }
  }

  /// The status of an error.
  ///
  /// - Parameter trace: For the log.
  public func map(
    _ error: any Error, path: String, trace: TraceContext? = nil
  ) -> RPCError {
    switch error {
    case let error as RPCError: return error
    case let refusal as Refusal: return .refused(refusal)
    case let violation as Violation: return .invalid([violation])
    case let failure as PageToken.Failure: return .badPageToken(failure)
    case is CancellationError: return RPCError(.cancelled, "the call was cancelled")
    case let error as StorageError:
      logger.log(.error, "storage failed", .method(path), .trace(trace), .error(error))
      return .storage(error)
    default:
      logger.log(.error, "a handler failed", .method(path), .trace(trace), .error(error))
      return .faulty
    }
  }
}
