public import ProtobufC

extension GoogleProtobuf.AnyMessage {
  /// Holds `message` under the type URL `type.googleapis.com/<full name>`.
  public init<M: Message>(packing message: M) throws(EncodingError) {
    self.init(
      typeURL: "type.googleapis.com/\(M.descriptor.name)", value: try message.serialized())
  }

  /// The full name of the held message: what follows the last slash of the type URL.
  public var typeName: Substring {
    typeURL.lastIndex(of: "/").map { typeURL[typeURL.index(after: $0)...] } ?? ""
  }

  /// The held message; nil when it is of another type.
  public func unpacked<M: Message>(
    as type: M.Type, limits: DecodingLimits = .standard
  ) throws(DecodingError) -> M? {
    guard typeName == type.descriptor.name else { return nil }
    return try M(serialized: value, limits: limits)
  }
}
