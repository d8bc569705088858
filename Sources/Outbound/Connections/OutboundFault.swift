/// Why nothing could be sent to a destination, or nothing was heard of it.
public enum OutboundFault: Error, Hashable, Sendable {
  /// The name means nothing. To a tenant it sounds like `forbiddenAddress`: which names our own
  /// network knows is not theirs to ask.
  case unresolved(String)
  /// Every address of the name is one that tenants' destinations may not lie at.
  case forbiddenAddress
  case connection(String)
  case timedOut(Duration)
  /// The peer ended the connection before it answered.
  case closed
}

extension OutboundFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unresolved, .forbiddenAddress:
      "the name leads to no address that destinations may lie at"
    case .connection(let reason): reason
    case .timedOut(let limit): "there was no answer within \(limit)"
    case .closed: "the connection ended before the answer"
    }
  }
}
