/// Answers to header lists that are no call's.
extension ServerStream {
  private static let methodFields = StaticFields([
    (":status", "405"), ("allow", "POST"), ("content-type", "text/plain; charset=utf-8"),
  ])
  private static let mediaTypeFields = StaticFields([
    (":status", "415"), ("content-type", "text/plain; charset=utf-8"),
  ])
  /// For a person with a browser or curl.
  private static let explanation = Array(
    "This is a gRPC server: call it by POST, with content-type application/grpc.\n".utf8)

  /// Bytes of a request in plain HTTP that are read before it is answered.
  private static let plainRequestBytes = 16 << 10

  func refuse(_ problem: RequestHead.Problem) {
    switch problem {
    case .tooLarge:
      refuse(RPCError(.resourceExhausted, "the metadata is too large"))
    case .timeout:
      refuse(RPCError(.internal, "grpc-timeout is malformed"))
    case .binaryMetadata:
      refuse(RPCError(.internal, "a -bin field of the metadata is not base64"))
    case .method, .contentType:
      // Answered at its end: only then is it known to be HTTP at all (RFC 9113 §8.1.1).
      phase = .plain
    }
  }

  /// Reads on in a request that will not be served; too much of it is answered at once.
  func skip(_ count: Int) {
    consumed(count)
    if receivedBytes > Self.plainRequestBytes { answerPlain() }
  }

  /// In plain HTTP: whoever sent this does not speak gRPC.
  func answerPlain() {
    phase = .over
    due = nil
    let fields = head.verdict == .method ? Self.methodFields : Self.mediaTypeFields
    respond(HTTP2Fields(fields), endStream: false)
    write(Self.explanation)
    finish()
    finished(.internal)
  }
}
