/// A unary call's answer with everything that came along.
public struct RPCResponse<Message: Sendable>: Sendable {
  public let message: Message
  /// Whether the message came compressed.
  public let isCompressed: Bool
  /// The server's initial metadata.
  public let metadata: Metadata
  public let trailers: Metadata
}
