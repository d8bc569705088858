public import ProtobufC
internal import Synchronization

/// A call of a method that takes many requests and answers once.
///
/// Cancelled when the last copy of this value is gone before its end.
public struct ClientStreamingCall<Request: Message, Response: Message>: Sendable {
  /// Where the requests go.
  public let requests: RPCRequests<Request>
  private let reader: ResponseReader
  private let answer = Answer()

  /// The answer, once there is one: read once, kept for whoever asks again.
  private final class Answer: Sendable {
    let message = Mutex<Response?>(nil)
  }

  init(_ call: StreamingCall, _ requests: RequestQueue, _ pool: ClientPool) {
    self.requests = RPCRequests(call, requests, pool)
    reader = ResponseReader(call, pool)
  }

  /// The server's one message. Waits for the end of the call, which comes after `requests.finish()`
  /// unless the server has seen enough before; cancels the call with its task.
  ///
  /// - Throws: the call's status; `unimplemented` when the server sends no message or two.
  public var response: Response {
    get async throws(RPCError) {
      if let message = answer.message.withLock({ $0 }) { return message }
      let message = try Response(
        answer: try await reader.onlyMessage(), limit: reader.call.maximumResponseBytes)
      answer.message.withLock { $0 = message }
      return message
    }
  }

  /// The server's initial metadata; waits for it, and cancels the call with its task.
  public var metadata: Metadata {
    get async throws(RPCError) { try await reader.metadata() }
  }

  /// Present once the call is over.
  public var trailers: Metadata? { reader.call.trailers }

  /// Ends the call; whoever sends or waits gets `cancelled`.
  public func cancel() {
    reader.cancel()
  }
}

/// A call in which both sides send any number of messages, each in its own time.
///
/// Cancelled when either half is gone before its end: `requests` before `finish()`, `responses`
/// before the last one.
public struct BidirectionalCall<Request: Message, Response: Message>: Sendable {
  public let requests: RPCRequests<Request>
  public let responses: RPCResponses<Response>

  init(_ call: StreamingCall, _ requests: RequestQueue, _ pool: ClientPool) {
    self.requests = RPCRequests(call, requests, pool)
    responses = RPCResponses(call, pool)
  }

  /// Ends the call; whoever sends or reads gets `cancelled`.
  public func cancel() {
    responses.cancel()
  }
}
