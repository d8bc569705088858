public import ProtobufC

/// The responses of a streaming call, on their way out.
public struct ResponseWriter<Response: Message>: Sendable {
  let stream: ServerStream

  /// Sends one message. Suspends while the caller does not read what was sent before
  /// (`ServerLimits.queuedResponseBytes`), so that a slow caller slows its handler down.
  ///
  /// - Parameter compressed: whether to compress this message, in a call whose messages may be
  ///   compressed at all (`ResponseMetadata.compress`); nil leaves it to what it saves.
  /// - Throws: `RPCError(.cancelled)` or `.deadlineExceeded` once nobody waits for the stream any
  ///   more.
  public nonisolated(nonsending) func send(
    _ response: consuming Response, compressed: Bool? = nil
  ) async throws {
    let bytes = try ServerStream.frame(response)
    // Whoever has to wait does not keep the message twice.
    _ = consume response
    try await stream.send(bytes, compressed: compressed)
  }

  /// Sends the headers before the first message: a caller that waits for news learns that it is
  /// being served.
  public nonisolated(nonsending) func sendHeaders() async throws {
    try await stream.sendHeaders()
  }
}
