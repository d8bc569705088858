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

    /// Whether the request returned last came compressed.
    public private(set) var isCompressed = false

    /// The next request; nil when the caller has sent its last one.
    ///
    /// - Throws: `RPCError`: `.cancelled` or `.deadlineExceeded` once nobody waits for the call, and
    ///   what the caller is to be told when its message cannot be read.
    public mutating func next() async throws -> Request? {
      guard let message = try await stream.nextMessage() else { return nil }
      isCompressed = message.isCompressed
      return try message.content(limit: stream.connection.limits.requestBytes)
        .withUnsafeBytes { try ServerStream.decode($0) }
    }
  }
}
