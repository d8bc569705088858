internal import NIOCore
public import ProtobufC

/// The messages of a server-streaming call, in order.
///
/// Reading slowly slows the server down (HTTP/2 flow control). The call is cancelled when the reading
/// task is cancelled, or when the last copy of this value and its iterators is gone. May be read by
/// one task at a time, once.
public struct RPCResponses<Response: Message>: AsyncSequence, Sendable {
  public typealias Element = Response
  public typealias Failure = RPCError

  private let handle: StreamHandle

  init(_ call: StreamingCall, _ pool: ClientPool) {
    handle = StreamHandle(call, pool)
  }

  /// The server's initial metadata; waits for it, and cancels the call with its task.
  public var metadata: Metadata {
    get async throws(RPCError) { try await handle.metadata() }
  }

  /// Present once the call is over.
  public var trailers: Metadata? { handle.call.trailers }

  /// Ends the call; a reader gets `cancelled`.
  public func cancel() {
    handle.cancel()
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(handle: handle)
  }

  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let handle: StreamHandle

    /// The next message; nil after the last one of a call that succeeded.
    public mutating func next() async throws(RPCError) -> Response? {
      try await next(isolation: nil)
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(RPCError) -> Response? {
      switch await handle.next() {
      case .message(let bytes): return try Response(answer: bytes)
      case .end: return nil
      case .failed(let error): throw error
      }
    }
  }
}

/// Held by the readers of a streaming call and by nobody else: its end is theirs.
private final class StreamHandle: Sendable {
  let call: StreamingCall
  private let pool: ClientPool

  init(_ call: StreamingCall, _ pool: ClientPool) {
    self.call = call
    self.pool = pool
  }

  deinit {
    if !call.isOver { cancel() }
  }

  func cancel() {
    pool.post(.cancel(call))
  }

  func metadata() async throws(RPCError) -> Metadata {
    if Task.isCancelled { cancel() }
    await withTaskCancellationHandler {
      await call.answer()
    } onCancel: {
      cancel()
    }
    return try call.metadata()
  }

  func next() async -> StreamingCall.Next {
    if Task.isCancelled { cancel() }
    let (next, credit) = call.poll()
    if credit > 0 { pool.post(.credit(call, credit)) }
    if let next { return next }
    return await withTaskCancellationHandler {
      await call.wait()
    } onCancel: {
      cancel()
    }
  }
}

extension Message {
  /// Decodes the message of an answer.
  init(answer bytes: [UInt8]) throws(RPCError) {
    do throws(DecodingError) {
      try self.init(serialized: bytes, limits: .response)
    } catch {
      throw RPCError(.internal, "the server's message cannot be decoded: \(error)")
    }
  }
}
