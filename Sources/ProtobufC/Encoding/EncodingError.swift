/// Why a message cannot be encoded.
public enum EncodingError: Error, Hashable, Sendable {
  /// A string field holds U+0000, at which protobuf-c would cut it. `field` is the full proto name,
  /// for instance `lockbox.common.v1.Subject.id`.
  case embeddedNUL(field: String)
  /// JSON only: a `google.protobuf.Timestamp` outside of the years 1 to 9999, a `Duration` of more
  /// than 10,000 years, or nanoseconds out of their range.
  case timeOutOfRange(type: String)
}

extension EncodingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .embeddedNUL(let field): "\(field) holds a NUL character"
    case .timeOutOfRange(let type): "a \(type) is out of range"
    }
  }
}
