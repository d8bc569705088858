internal import NIOCore

/// One attempt of a call: its HTTP/2 stream on one connection.
final class ClientStream: HTTP2Stream, @unchecked Sendable {
  // Unchecked: confined to the connection's event loop like its superclass.

  let call: ClientCall
  /// A cycle while the stream is open; the session lets go of the stream when it closes.
  let connection: ClientConnection

  @exclusivity(unchecked) private var fields = ResponseFields()
  @exclusivity(unchecked) private var reader: MessageReader
  @exclusivity(unchecked) private var hasHeaders = false
  @exclusivity(unchecked) private var isConcluded = false

  /// Whether the server may have seen any of the request's message, so that it may have acted on it.
  @exclusivity(unchecked) private(set) var isSent = false

  init(_ call: ClientCall, on connection: ClientConnection) {
    self.call = call
    self.connection = connection
    reader = MessageReader(maximumBytes: call.maximumResponseBytes)
    super.init()
  }

  /// Sends the request, or what there is of it so far.
  func begin() {
    if let requests = call.requests {
      // The handler of such a call runs as soon as the header list is there.
      isSent = true
      requests.restart()
      feed()
    } else {
      write(call.request.message)
      finish()
    }
  }

  /// Sends what the caller has added.
  func feed() {
    guard !isConcluded, let requests = call.requests else { return }
    let (messages, isLast) = requests.take()
    for message in messages { write(message) }
    if isLast { finish() }
  }

  /// Ends the attempt because the call is over for another reason. Nothing is left to end of one
  /// that is through: a RST_STREAM after each answer would look like abuse to the server.
  func abandon() {
    guard !isConcluded else { return }
    isConcluded = true
    reset(.cancel)
  }

  // MARK: - Events

  override func sentData() {
    isSent = true
    call.requests?.sent(leaving: queuedBytes)
  }

  override func received(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    fields.add(name, value)
  }

  override func receivedHeaders(endStream: Bool) {
    guard !isConcluded else { return }
    connection.prove()
    if endStream { return receivedEnd() }
    if fields.isInformational {
      fields = ResponseFields()
    } else if let refusal = fields.refusal {
      conclude(.status(refusal), resetting: true)
    } else if !hasHeaders {
      hasHeaders = true
      reader.acceptsCompressed = fields.isGzip && call.request.acceptsCompressed
      call.requests?.commit()
      call.receivedMetadata(fields.takeMetadata())
    }
  }

  override func received(data: UnsafeRawBufferPointer) {
    guard !isConcluded else { return }
    call.receives(data.count)
    var rest = data
    do throws(MessageReader.Failure) {
      while let bytes = try reader.next(&rest) {
        let message = ReceivedMessage(bytes: bytes, isCompressed: reader.isCompressed)
        if let error = call.received(message) {
          return conclude(.status(error), resetting: true)
        }
      }
    } catch {
      return conclude(.status(self.error(for: error)), resetting: true)
    }
    call.delivered(data.count, from: self)
  }

  override func receivedEnd() {
    guard !isConcluded else { return }
    var outcome = fields.outcome
    if outcome == nil, !reader.isAtBoundary {
      outcome = RPCError(.internal, "the answer ends within a message", trailers: fields.metadata)
    }
    // A server may answer before it has read the whole request: the rest is of no use to it (gRPC
    // `doc/PROTOCOL-HTTP2.md`, "Early Server Closure").
    if !hasSentEnd { reset(.noError) }
    conclude(
      outcome.map { .status($0, fields.pushback) } ?? .success(fields.metadata), resetting: false)
  }

  override func closed(_ code: HTTP2ErrorCode) {
    connection.streamClosed(self)
    guard !isConcluded else { return }
    if connection.session.isClosed {
      connection.orphans.append(self)
    } else if code == .refusedStream, !hasHeaders {
      conclude(connection.hasGoneAway ? .unsent(goneAway) : .refused, resetting: false)
    } else {
      let error = RPCError(
        StatusCode(http2Error: code.rawValue), "the server reset the stream (HTTP/2 \(code.name))")
      conclude(.status(error), resetting: false)
    }
  }

  private var goneAway: RPCError {
    RPCError(.unavailable, "\(connection.pool.target) went away before the call began")
  }

  /// The connection is gone with this attempt on it.
  func lost(_ error: RPCError) {
    guard !isConcluded else { return }
    conclude(isSent ? .status(error) : .unsent(error), resetting: false)
  }

  // MARK: - The end

  private func conclude(_ end: AttemptEnd, resetting: Bool) {
    isConcluded = true
    if resetting { reset(.cancel) }
    call.attemptEnded(end, isCommitted: hasHeaders, in: connection.pool)
  }

  private func error(for failure: MessageReader.Failure) -> RPCError {
    switch failure {
    case .tooLong(let length):
      RPCError(
        .resourceExhausted,
        "the server's message has \(length) bytes, more than the \(call.maximumResponseBytes) allowed"
      )
    case .compressed:
      RPCError(
        .internal,
        "the server's message is compressed with \(fields.compression), which this call does not take"
      )
    case .invalidFlag(let flag):
      RPCError(.internal, "the server's message begins with the invalid flag \(flag)")
    }
  }
}

/// How one attempt of a call ended.
enum AttemptEnd {
  /// With the trailers.
  case success(Metadata)
  /// The server, or its absence, gave this status.
  case status(RPCError, RetryPushback? = nil)
  /// The server said that it did nothing: REFUSED_STREAM.
  case refused
  /// The connection broke before the request's message left, or went away (GOAWAY) before it took
  /// the call.
  case unsent(RPCError)
}

extension HTTP2ErrorCode {
  /// The name in RFC 9113 §7.
  var name: String {
    let names = [
      "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
      "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
      "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]
    return Int(rawValue) < names.count ? names[Int(rawValue)] : "error \(rawValue)"
  }
}
