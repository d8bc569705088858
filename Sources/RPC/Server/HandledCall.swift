internal import NIOCore
public import ProtobufC

/// A call in the hands of its handler: what the generic code around a handler needs of the stream.
@usableFromInline
struct HandledCall: Sendable {
  let stream: ServerStream

  /// The one request of the call. On the loop, once, before anything suspends.
  @usableFromInline
  func request<Request: Message>() throws -> Request {
    try stream.takeRequest()
  }

  /// Keeps the one response of a call until its status is known.
  ///
  /// - Returns: false, with nothing done, when this is not the loop.
  @usableFromInline
  func hold(_ response: some Message) throws -> Bool {
    guard stream.connection.executor.loop.inEventLoop else { return false }
    stream.heldResponse = try ServerStream.frame(response)
    return true
  }

  /// The same from any thread.
  @usableFromInline
  nonisolated(nonsending) func holdFromAnywhere(_ response: some Message) async throws {
    try await stream.hold(response)
  }
}
