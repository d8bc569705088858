public import ProtobufC

/// The messages of a server-streaming call, in order.
///
/// Reading slowly slows the server down (HTTP/2 flow control). The call is cancelled when the reading
/// task is cancelled, or when the last copy of this value and its iterators is gone. May be read by
/// one task at a time, once.
public struct RPCResponses<Response: Message>: AsyncSequence, Sendable {
  public typealias Element = Response
  public typealias Failure = RPCError

  private let reader: ResponseReader

  init(_ call: StreamingCall, _ pool: ClientPool) {
    reader = ResponseReader(call, pool)
  }

  /// The server's initial metadata; waits for it, and cancels the call with its task.
  public var metadata: Metadata {
    get async throws(RPCError) { try await reader.metadata() }
  }

  /// Present once the call is over.
  public var trailers: Metadata? { reader.call.trailers }

  /// Ends the call; a reader gets `cancelled`.
  public func cancel() {
    reader.cancel()
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: reader)
  }

  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let reader: ResponseReader

    /// Whether the message returned last came compressed.
    public private(set) var isCompressed = false

    fileprivate init(reader: ResponseReader) {
      self.reader = reader
    }

    /// The next message; nil after the last one of a call that succeeded.
    public mutating func next() async throws(RPCError) -> Response? {
      try await next(isolation: nil)
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> Response? {
      switch await reader.next() {
      case .message(let message):
        isCompressed = message.isCompressed
        return try Response(answer: message, limit: reader.call.maximumResponseBytes)
      case .end: return nil
      case .failed(let error): throw error
      }
    }
  }
}

extension Message {
  /// Decodes the message of an answer.
  ///
  /// - Parameter limit: bytes of the longest message to accept.
  init(answer message: ReceivedMessage, limit: Int) throws(RPCError) {
    let bytes = try message.content(limit: limit)
    do throws(DecodingError) {
      try self.init(serialized: bytes, limits: .response)
    } catch {
      throw RPCError(.internal, "the server's message cannot be decoded: \(error)")
    }
  }
}
