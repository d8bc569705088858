/// One typed addition to an error, from `google/rpc/error_details.proto`.
public enum ErrorDetail: Sendable, Hashable {
  /// `google.rpc.BadRequest`: everything that is wrong with the request, at once.
  case badRequest([FieldViolation])

  /// `google.rpc.ErrorInfo`: a reason in UPPER_SNAKE, unique in its domain.
  case errorInfo(reason: String, domain: String, metadata: [String: String])

  /// `google.rpc.RetryInfo`: do not try again before this has passed.
  case retryInfo(Duration)

  /// A detail of any other type, or one whose bytes do not decode: kept as it came.
  case other(typeURL: String, bytes: [UInt8])
}

/// One wrong field of a request.
public struct FieldViolation: Sendable, Hashable {
  /// The path as in protobuf, such as `resources[2].name`.
  public var field: String

  /// What is wrong, and what would be right, for people.
  public var description: String

  /// For programs, in UPPER_SNAKE; may be empty.
  public var reason: String

  public init(field: String, description: String, reason: String = "") {
    self.field = field
    self.description = description
    self.reason = reason
  }
}
