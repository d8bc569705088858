/// How a call failed: what a handler throws and what a caller catches.
public struct RPCError: Error, Sendable, Hashable {
  /// Never `ok` in what the library throws.
  public var code: StatusCode

  /// For people. On the wire it is percent-coded in `grpc-message`.
  public var message: String

  /// For programs: `google.rpc.Status.details`, in `grpc-status-details-bin`.
  public var details: [ErrorDetail]

  /// What else came, or is to go, in the trailers.
  public var trailers: Metadata

  public init(
    _ code: StatusCode, _ message: String, details: [ErrorDetail] = [], trailers: Metadata = [:]
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.trailers = trailers
  }
}

extension RPCError: CustomStringConvertible {
  public var description: String {
    message.isEmpty ? code.name : "\(code.name): \(message)"
  }
}

extension RPCError {
  /// The reason of the first `ErrorInfo`, such as `REQUEST_EXPIRED`.
  public var reason: String? {
    for case .errorInfo(let reason, _, _) in details { return reason }
    return nil
  }

  /// Every violation of every `BadRequest`.
  public var fieldViolations: [FieldViolation] {
    details.flatMap { detail -> [FieldViolation] in
      if case .badRequest(let violations) = detail { return violations }
      return []
    }
  }

  /// How long the server asks to wait before the next attempt.
  public var retryDelay: Duration? {
    for case .retryInfo(let delay) in details { return delay }
    return nil
  }
}
