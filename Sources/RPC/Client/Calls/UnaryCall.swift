internal import NIOCore

/// A call with one message for an answer, and the task that waits for it.
final class UnaryCall: ClientCall, @unchecked Sendable {
  // Unchecked: as its superclass.

  /// Bytes of the answer's message, its metadata and trailers.
  typealias Answer = Result<RPCResponse<ReceivedMessage>, RPCError>

  /// Set before the call is handed over, resumed exactly once by `ended`. Unsafe: the checked kind
  /// costs an allocation a call, and `ended` is called in one place.
  @exclusivity(unchecked) var continuation: UnsafeContinuation<Answer, Never>?
  @exclusivity(unchecked) private var message: ReceivedMessage?
  @exclusivity(unchecked) private var metadata = Metadata()

  override func receivedMetadata(_ metadata: Metadata) {
    self.metadata = metadata
  }

  override func received(_ message: ReceivedMessage) -> RPCError? {
    guard self.message == nil else {
      return .secondAnswer
    }
    self.message = message
    return nil
  }

  override func delivered(_ count: Int, from stream: ClientStream) {
    stream.consumed(count)
  }

  override func ended(_ error: RPCError?, trailers: Metadata) {
    let answer: Answer
    if let error {
      answer = .failure(error)
    } else if let message {
      answer = .success(
        RPCResponse(
          message: message, isCompressed: message.isCompressed, metadata: metadata,
          trailers: trailers))
    } else {
      answer = .failure(.missingAnswer(trailers: trailers))
    }
    continuation?.resume(returning: answer)
    continuation = nil
  }
}
