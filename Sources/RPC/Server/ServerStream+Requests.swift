internal import ProtobufC

extension ServerStream {
  /// The next message of a streaming request; nil at its end. From any thread.
  nonisolated(nonsending) func nextMessage() async throws -> ReceivedMessage? {
    while true {
      switch try await connection.executor.onLoop({ try self.takeMessage() }) {
      case .message(let message): return message
      case .end: return nil
      case .none: break
      }
      try await connection.executor.wait { self.inbox?.await($0) }
    }
  }

  private func takeMessage() throws -> Inbox.Item {
    connection.executor.assertOnLoop()
    guard inbox != nil else { return .end }
    let item = try inbox!.take()
    if inbox!.isEmpty { consumed(inbox!.releaseWindow()) }
    return item
  }

  /// Decodes a request strictly: what is wrong with it is the caller's to mend.
  static func decode<Request: Message>(_ bytes: UnsafeRawBufferPointer) throws -> Request {
    do {
      return try Request(serialized: bytes, limits: .request)
    } catch {
      throw RPCError(
        .invalidArgument, "the request is not a valid message",
        details: [
          .badRequest([FieldViolation(field: error.path, description: error.reason.description)])
        ])
    }
  }

  /// What a handler meets that goes on after its caller is gone.
  static let gone = RPCError(.cancelled, "the call is over")

  /// gRPC `doc/statuscodes.md`, "Request cardinality violation".
  static let cardinality = RPCError(.unimplemented, "the method takes exactly one message")

  /// Of more handlers than a listener may have. The caller's fault it is not.
  static let tooBusy = RPCError(
    .resourceExhausted, "the server runs as many calls as it can",
    details: [.retryInfo(.seconds(1))])

  static let tooLate = RPCError(.deadlineExceeded, "the deadline has passed")

  static func status(
    of failure: MessageReader.Failure, _ encoding: RequestHead.Encoding
  ) -> RPCError {
    switch failure {
    case .tooLong(let length):
      RPCError(.resourceExhausted, "the message of \(length) bytes is too long")
    case .compressed where encoding == .unknown:
      RPCError(
        .unimplemented,
        "the message's compression is not supported; these are: \(Compression.accepted)")
    case .compressed:
      RPCError(.internal, "the message is compressed, but the call names no grpc-encoding")
    case .invalidFlag(let flag):
      RPCError(.internal, "the message begins with the invalid flag \(flag)")
    }
  }
}
