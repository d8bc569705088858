public import Domain
public import RPC

/// The one place that says which refusal is which status.
extension RPCError {
  /// The domain of every reason of ours.
  public static let domain = "lockbox"

  /// An error with a reason in UPPER_SNAKE that programs can act on.
  public static func reasoned(
    _ code: StatusCode, _ message: String, reason: String, metadata: [String: String] = [:]
  ) -> RPCError {
    RPCError(
      code, message,
      details: [.errorInfo(reason: reason, domain: domain, metadata: metadata)])
  }

  /// Nobody is known. It does not say what was wrong with the token.
  public static let unauthenticated = RPCError(
    .unauthenticated, "a valid bearer token is needed")

  /// It is known who calls, and they may not. It does not say why.
  public static let denied = RPCError(.permissionDenied, "permission denied")

  /// Missing and foreign alike (I6): the kind of thing is all it says.
  public static func notFound(_ kind: StaticString) -> RPCError {
    RPCError(.notFound, "no such \(kind)")
  }

  /// Every violation at once, by field path.
  public static func invalid(_ violations: [Violation]) -> RPCError {
    let fields = violations.map { FieldViolation(field: $0.field, description: $0.problem) }
    let message = violations.first.map { first in
      violations.count == 1 ? "\(first)" : "\(first) (and \(violations.count - 1) more)"
    }
    return RPCError(
      .invalidArgument, message ?? "invalid request",
      details: [
        .badRequest(fields),
        .errorInfo(reason: "INVALID_FIELDS", domain: domain, metadata: [:]),
      ])
  }

  /// The same idempotency key stood with other content before (I8).
  public static let idempotencyKeyReused = reasoned(
    .alreadyExists, "this idempotency key was used for another request",
    reason: "IDEMPOTENCY_KEY_REUSED")

  /// Something that the answer needs cannot be had now (I11).
  public static func unavailable(
    _ message: String, reason: String, retryAfter: Duration = .seconds(1)
  ) -> RPCError {
    var error = reasoned(.unavailable, message, reason: reason)
    error.details.append(.retryInfo(retryAfter))
    return error
  }

  /// Too much at once.
  public static func exhausted(
    _ message: String, reason: String, retryAfter: Duration = .seconds(1)
  ) -> RPCError {
    var error = reasoned(.resourceExhausted, message, reason: reason)
    error.details.append(.retryInfo(retryAfter))
    return error
  }
}

extension Violations {
  /// Throws everything that was found, if anything.
  public func check() throws(RPCError) {
    guard found.isEmpty else { throw .invalid(found) }
  }
}
