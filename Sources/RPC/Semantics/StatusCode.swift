/// The outcome of a call, as every gRPC implementation numbers it.
///
/// Source: gRPC `doc/statuscodes.md`.
public enum StatusCode: UInt8, Sendable, Hashable, CaseIterable {
  case ok = 0
  /// The caller gave up.
  case cancelled = 1
  case unknown = 2
  /// The request itself is wrong, whatever the state of the system.
  case invalidArgument = 3
  /// The time ran out. The change may have been made nevertheless.
  case deadlineExceeded = 4
  case notFound = 5
  case alreadyExists = 6
  /// The caller is known and may not do this.
  case permissionDenied = 7
  case resourceExhausted = 8
  /// The system is not in the state that the call needs; repeating it changes nothing.
  case failedPrecondition = 9
  case aborted = 10
  case outOfRange = 11
  case unimplemented = 12
  case `internal` = 13
  /// The service cannot be reached at the moment; trying again may help.
  case unavailable = 14
  case dataLoss = 15
  /// The caller is not known: no credentials, or none that hold.
  case unauthenticated = 16
}

extension StatusCode: CustomStringConvertible {
  /// The name in the specification, such as `DEADLINE_EXCEEDED`.
  public var name: String {
    switch self {
    case .ok: "OK"
    case .cancelled: "CANCELLED"
    case .unknown: "UNKNOWN"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .deadlineExceeded: "DEADLINE_EXCEEDED"
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .permissionDenied: "PERMISSION_DENIED"
    case .resourceExhausted: "RESOURCE_EXHAUSTED"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .aborted: "ABORTED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unimplemented: "UNIMPLEMENTED"
    case .internal: "INTERNAL"
    case .unavailable: "UNAVAILABLE"
    case .dataLoss: "DATA_LOSS"
    case .unauthenticated: "UNAUTHENTICATED"
    }
  }

  public var description: String { name }
}
