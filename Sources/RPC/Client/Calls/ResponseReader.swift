internal import NIOCore

/// Held by the readers of a streaming call and by nobody else: its end is theirs.
final class ResponseReader: Sendable {
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

  /// The message of a call whose method answers once (gRPC `doc/statuscodes.md`, "Response
  /// cardinality violation").
  func onlyMessage() async throws(RPCError) -> ReceivedMessage {
    let message: ReceivedMessage
    switch await next() {
    case .message(let first): message = first
    case .end: throw .missingAnswer(trailers: call.trailers ?? [:])
    case .failed(let error): throw error
    }
    switch await next() {
    case .message:
      cancel()
      throw .secondAnswer
    case .end: return message
    case .failed(let error): throw error
    }
  }
}

extension RPCError {
  /// gRPC `doc/statuscodes.md`: "Response cardinality violation".
  static let secondAnswer = RPCError(
    .unimplemented, "the server sent two messages in answer to a call that takes one")

  static func missingAnswer(trailers: Metadata) -> RPCError {
    RPCError(
      .unimplemented, "the server reports success but sent no message", trailers: trailers)
  }
}
