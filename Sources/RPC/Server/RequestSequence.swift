public import ProtobufC

/// The requests of a streaming call, in order. The caller is slowed down by whoever reads slowly:
/// bytes that wait here keep their place in the flow-control window.
///
/// For one reader.
public struct RequestSequence<Request: Message>: AsyncSequence, Sendable {
  public typealias Element = Request
  let stream: ServerStream

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(stream: stream)
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let stream: ServerStream

    /// The next request; nil when the caller has sent its last one.
    public func next() async throws -> Request? {
      guard let bytes = try await stream.nextMessage() else { return nil }
      return try ServerStream.decode(bytes)
    }
  }
}
