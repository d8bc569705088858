/// A unary call's answer with everything that came along.
public struct RPCResponse<Message: Sendable>: Sendable {
  public let message: Message
  /// The server's initial metadata.
  public let metadata: Metadata
  public let trailers: Metadata
}
