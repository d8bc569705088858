internal import CNghttp2

/// One HTTP/2 stream: the part that a gRPC server's and a gRPC client's streams have in common, the
/// bytes on their way out. Subclasses override the `received…` functions, which are called from
/// within `HTTP2Session.receive`; they may submit frames there.
///
/// Confined to its connection's event loop.
class HTTP2Stream: @unchecked Sendable {
  // Unchecked: every access is on the connection's event loop; whoever comes from elsewhere hops.

  /// The stream's number, 0 until a client's request has been submitted.
  @exclusivity(unchecked) final fileprivate(set) var id: Int32
  /// The session while the stream is open; nil before and after. Unowned: the session takes its
  /// streams out of its list before it goes.
  @exclusivity(unchecked) final fileprivate(set) unowned(unsafe) var session: HTTP2Session?
  /// Whether the peer has ended its direction.
  @exclusivity(unchecked) final var peerEnded = false

  // The session's list of open streams. Unowned: the session holds one reference to each member.
  @exclusivity(unchecked) final fileprivate unowned(unsafe) var next: HTTP2Stream?
  @exclusivity(unchecked) final fileprivate unowned(unsafe) var previous: HTTP2Stream?

  @exclusivity(unchecked) private final var outbound = OutboundBytes()
  @exclusivity(unchecked) private final var end = End.open
  @exclusivity(unchecked) private final var deferred = false
  /// Whether the last DATA frame of this direction has been cut, END_STREAM on it.
  @exclusivity(unchecked) private(set) final var hasSentEnd = false

  private enum End {
    case open
    case ended
    case trailers(HTTP2Fields)
  }

  init(id: Int32 = 0) {
    self.id = id
  }

  final var isOpen: Bool { session != nil }

  /// Bytes written that no DATA frame carries yet.
  final var queuedBytes: Int { outbound.count }

  // MARK: - Events

  /// One field of the header list or trailers being received; the bytes are lent for this call.
  func received(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {}

  /// The header list is complete: the first one, an informational one, or trailers.
  func receivedHeaders(endStream: Bool) {}

  /// Bytes of a DATA frame. The reader gives the window back with `consumed(_:)`.
  func received(data: UnsafeRawBufferPointer) {}

  /// The peer ended its direction after data.
  func receivedEnd() {}

  /// DATA frames have been cut from what was queued.
  func sentData() {}

  /// The stream is over, on the wire and for the session. Called exactly once for an open stream,
  /// also when the whole connection ends. `noError` is a regular end of both directions.
  func closed(_ code: HTTP2ErrorCode) {}

  // MARK: - Sending

  /// Starts the response (server). With `endStream` nothing follows: a trailers-only answer.
  final func respond(_ fields: HTTP2Fields, endStream: Bool) {
    guard let session else { return }
    if endStream { end = .ended }
    session.submitResponse(fields, endStream: endStream, to: self)
  }

  /// Queues bytes for DATA frames, after the headers.
  final func write(_ bytes: [UInt8]) {
    guard let session, case .open = end else { return }
    outbound.append(bytes)
    session.queuedBytes += bytes.count
    resume()
  }

  /// Ends this direction after what is queued, with trailers if there are any.
  final func finish(trailers: HTTP2Fields? = nil) {
    guard isOpen, case .open = end else { return }
    end = trailers.map(End.trailers) ?? .ended
    resume()
  }

  /// Ends the stream at once in both directions; queued bytes are dropped.
  final func reset(_ code: HTTP2ErrorCode) {
    session?.queuedBytes -= queuedBytes
    outbound.removeAll()
    session?.reset(self, code)
  }

  /// Gives `count` bytes of the stream's receive window back to the peer.
  final func consumed(_ count: Int) {
    guard count > 0 else { return }
    session?.consume(count, of: self)
  }

  private final func resume() {
    guard deferred, let session else { return }
    deferred = false
    session.resume(self)
  }

  /// nghttp2 asks for the payload of one DATA frame.
  final func read(
    into target: UnsafeMutableRawBufferPointer, flags: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let length = outbound.take(into: target)
    session?.queuedBytes -= length
    session?.takenBytes &+= UInt64(length)
    if outbound.isEmpty {
      switch end {
      case .open:
        if length == 0 {
          deferred = true
          return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
      case .ended:
        hasSentEnd = true
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
      case .trailers(let fields):
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        session?.submitTrailers(fields, to: self)
      }
    }
    if length > 0 { sentData() }
    return length
  }
}

/// The open streams of one session, in no order; each is retained once for its membership.
struct HTTP2StreamList {
  private unowned(unsafe) var head: HTTP2Stream?
  private(set) var count = 0

  var first: HTTP2Stream? { head }

  mutating func insert(_ stream: HTTP2Stream, id: Int32, session: HTTP2Session) {
    _ = Unmanaged.passRetained(stream)
    stream.id = id
    stream.session = session
    stream.next = head
    head?.previous = stream
    head = stream
    count += 1
  }

  /// Takes the stream out and marks it closed; does nothing for one that is out already.
  mutating func remove(_ stream: HTTP2Stream) -> Bool {
    guard let session = stream.session else { return false }
    session.queuedBytes -= stream.queuedBytes
    if let previous = stream.previous { previous.next = stream.next } else { head = stream.next }
    stream.next?.previous = stream.previous
    stream.next = nil
    stream.previous = nil
    stream.session = nil
    count -= 1
    Unmanaged.passUnretained(stream).release()
    return true
  }

  /// Marks every stream closed, without a word to it: the session is no more.
  mutating func removeAll() {
    while let stream = head { _ = remove(stream) }
  }

  /// Visits every stream; `body` may close the one it is given, but no other.
  func forEach(_ body: (HTTP2Stream) -> Void) {
    var current = head
    while let stream = current {
      current = stream.next
      body(stream)
    }
  }
}
