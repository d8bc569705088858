public import ProtobufC

/// The requests of a call that sends many, on their way out.
///
/// A server that reads slowly slows the sender down (HTTP/2 flow control). The call is cancelled
/// when a sending task is cancelled, or when the last copy of this value is gone before `finish()`.
/// May be used by several tasks; a message is never torn.
public struct RPCRequests<Request: Message>: Sendable {
  private let sender: RequestSender
  private let compression: Compression

  init(_ call: StreamingCall, _ requests: RequestQueue, _ pool: ClientPool) {
    sender = RequestSender(call, requests, pool)
    compression = call.request.compression
  }

  /// Sends one message. Suspends while more than `RPCClientOptions.queuedRequestBytes` wait for the
  /// server.
  ///
  /// - Parameter compressed: whether to compress this message, in a call with a compression
  ///   (`CallOptions.compression`); nil leaves it to what it saves.
  /// - Returns: false once the server has ended the call with success: it wants no more. The message
  ///   was dropped.
  /// - Throws: the call's status once it has failed; `cancelled` when the task is cancelled.
  @discardableResult
  public func send(
    _ request: Request, compressed: Bool? = nil
  ) async throws(RPCError) -> Bool {
    try await sender.send(try request.framedRequest(compression, compressed))
  }

  /// Ends the requests: the server learns that no more come. Does nothing the second time.
  public func finish() {
    sender.finish()
  }
}

/// Held by those who send and by nobody else: when they are gone, the call can never be completed.
final class RequestSender: Sendable {
  private let call: StreamingCall
  private let requests: RequestQueue
  private let pool: ClientPool

  init(_ call: StreamingCall, _ requests: RequestQueue, _ pool: ClientPool) {
    self.call = call
    self.requests = requests
    self.pool = pool
  }

  deinit {
    if !requests.isDone { pool.post(.cancel(call)) }
  }

  func send(_ message: [UInt8]) async throws(RPCError) -> Bool {
    if Task.isCancelled { pool.post(.cancel(call)) }
    switch requests.append(message) {
    case .accepted: break
    case .posted: pool.post(.requests(call))
    case .over(let end): return try Self.outcome(end)
    case .late: throw RPCError(.internal, "a message was sent after the end of the requests")
    }
    if !requests.isReady {
      await withTaskCancellationHandler {
        await requests.wait()
      } onCancel: {
        pool.post(.cancel(call))
      }
    }
    if let end = requests.end { return try Self.outcome(end) }
    return true
  }

  func finish() {
    if requests.finish() { pool.post(.requests(call)) }
  }

  private static func outcome(_ end: RequestQueue.End) throws(RPCError) -> Bool {
    switch end {
    case .success: return false
    case .failure(let error): throw error
    }
  }
}

extension Message {
  /// The message as it goes into DATA frames.
  ///
  /// - Parameter wish: whether to compress it; nil leaves it to what it saves.
  func framedRequest(
    _ compression: Compression, _ wish: Bool? = nil
  ) throws(RPCError) -> [UInt8] {
    do throws(EncodingError) {
      return compression.frame(try framed(), wish)
    } catch {
      throw RPCError(.invalidArgument, "the request cannot be encoded: \(error)")
    }
  }
}
