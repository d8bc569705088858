/// Why a message cannot be encoded.
public enum EncodingError: Error, Hashable, Sendable {
  /// A string field holds U+0000, at which protobuf-c would cut it. `field` is the full proto name,
  /// for instance `lockbox.common.v1.Subject.id`.
  case embeddedNUL(field: String)
}

extension EncodingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .embeddedNUL(let field): "\(field) holds a NUL character"
    }
  }
}
