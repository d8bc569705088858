internal import CNghttp2
internal import NIOCore

/// What a session tells its connection. Called from within `HTTP2Session.receive` or `send`.
protocol HTTP2SessionDelegate: AnyObject {
  /// Frames wait to be sent; called once until the next `HTTP2Session.send`.
  func sessionHasOutput()
  /// The peer opened a stream (server). Nil refuses it: the peer may safely try elsewhere.
  func makeStream(id: Int32) -> HTTP2Stream?
  /// The header list being received has gone beyond what the settings endure. The delegate has to end
  /// the connection: the session has stopped reading in the midst of what it was given, and the
  /// rest, which may stand for a thousand times its bytes, is never decoded.
  func receivedExcess(_ excess: HeaderListExcess)
  /// A frame's header has been read, whatever becomes of the frame. For counting.
  func receivedFrame(type: UInt8, flags: UInt8, length: Int)
  /// The peer's settings are in force.
  func receivedSettings()
  func receivedPingAcknowledgement(_ opaque: UInt64)
  /// The peer will process no stream above `lastStream`.
  func receivedGoAway(_ code: HTTP2ErrorCode, lastStream: Int32)
  /// A RST_STREAM of ours went out, whether asked for or nghttp2's own.
  func sentReset(_ code: HTTP2ErrorCode)
  /// A GOAWAY of ours went out, whether asked for or nghttp2's own.
  func sentGoAway(_ code: HTTP2ErrorCode)
}

/// What a header list has too much of.
enum HeaderListExcess {
  case bytes
  case fields
}

/// One HTTP/2 connection's framing, header compression and flow control: a wrapper of one nghttp2
/// session that knows nothing of sockets. Bytes go in through `receive`, come out through `send`.
///
/// Receive windows are given back by hand: the connection's when bytes arrive, a stream's when its
/// reader calls `HTTP2Stream.consumed(_:)`. nghttp2's own checks of header fields (RFC 9113,
/// section 8) stay on.
///
/// Confined to one event loop.
final class HTTP2Session {
  enum Role: Sendable {
    case client
    case server
  }

  /// Owned: made in `init`, freed in `deinit`; no callback runs after that.
  @exclusivity(unchecked) private var raw: OpaquePointer
  // Unowned, and unsafe to spare a check a call: the delegate owns the session and outlives every
  // call into it.
  @exclusivity(unchecked) unowned(unsafe) let delegate: any HTTP2SessionDelegate

  let role: Role
  let settings: HTTP2Settings
  @exclusivity(unchecked) private(set) var streams = HTTP2StreamList()
  @exclusivity(unchecked) private var announced = false
  @exclusivity(unchecked) private(set) var isClosed = false

  /// The stream whose header block is being received; saves looking it up for each field.
  @exclusivity(unchecked) var receiving: Unmanaged<HTTP2Stream>?
  /// The stream that was last looked up: most events come in runs. Unretained like `receiving`: the
  /// list retains open streams, and `close(_:_:)` clears both.
  @exclusivity(unchecked) private var recent: (id: Int32, stream: Unmanaged<HTTP2Stream>)?
  /// Size and fields, so far, of the header list being received, whoever may want it: a refused
  /// stream's is decoded too.
  @exclusivity(unchecked) private var listSize = 0
  @exclusivity(unchecked) private var listFields = 0
  /// Bytes received that the connection's window does not have back yet.
  @exclusivity(unchecked) private var unconsumed = 0

  // Accounts, for whoever has to judge the peer.
  /// HEADERS and DATA frames sent.
  @exclusivity(unchecked) var sentFrames: UInt64 = 0
  /// Bytes that wait in the queues of all streams.
  @exclusivity(unchecked) var queuedBytes = 0
  /// Bytes that were cut from them for DATA frames.
  @exclusivity(unchecked) var takenBytes: UInt64 = 0

  init(role: Role, settings: HTTP2Settings, delegate: any HTTP2SessionDelegate) {
    self.role = role
    self.settings = settings
    self.delegate = delegate
    var options: OpaquePointer?
    nghttp2_option_new(&options)
    defer { nghttp2_option_del(options) }
    nghttp2_option_set_no_auto_window_update(options, 1)
    nghttp2_option_set_no_closed_streams(options, 1)
    var session: OpaquePointer?
    // The user data is filled in below: `self` is not complete yet.
    let result =
      switch role {
      case .server: nghttp2_session_server_new2(&session, sessionCallbacks.raw, nil, options)
      case .client: nghttp2_session_client_new2(&session, sessionCallbacks.raw, nil, options)
      }
    guard result == 0, let session else { preconditionFailure("nghttp2 is out of memory") }
    raw = session
    nghttp2_session_set_user_data(raw, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    streams.removeAll()
    nghttp2_session_del(raw)
  }

  /// Queues this end's settings and widens the connection's window: the preface.
  func start() {
    let entries = [
      setting(NGHTTP2_SETTINGS_ENABLE_PUSH, role == .client ? 0 : nil),
      setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.maxConcurrentStreams),
      setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(settings.streamWindow)),
      setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.maxHeaderListSize),
    ].compactMap(\.self)
    nghttp2_submit_settings(raw, 0, entries, entries.count)
    nghttp2_session_set_local_window_size(raw, 0, 0, settings.connectionWindow)
    hasOutput()
  }

  private func setting(
    _ id: nghttp2_settings_id, _ value: UInt32?
  ) -> nghttp2_settings_entry? {
    value.map { nghttp2_settings_entry(settings_id: Int32(bitPattern: id.rawValue), value: $0) }
  }

  // MARK: - Bytes

  /// Takes bytes from the peer. Most violations are answered with GOAWAY and are no error here; what
  /// throws has to end the connection.
  func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionError) {
    guard !isClosed else { throw .closed }
    let result = nghttp2_session_mem_recv(
      raw, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    if result < 0 { throw HTTP2SessionError(code: Int32(result)) }
    consumeConnection()
    // Acknowledgements, window updates and GOAWAY are queued by nghttp2 itself. A session that reads
    // no more, after the peer's GOAWAY, has to end even without a word.
    if nghttp2_session_want_write(raw) != 0 || nghttp2_session_want_read(raw) == 0 { hasOutput() }
  }

  /// Appends pending frames until there are none or `buffer` holds `limit` bytes. Returns whether
  /// more may be left.
  func send(
    into buffer: inout ByteBuffer, limit: Int
  ) throws(HTTP2SessionError) -> Bool {
    // What is submitted on the way (trailers behind the last data) is sent on the way too.
    defer { announced = false }
    guard !isClosed else { return false }
    var piece = Piece()
    while buffer.readableBytes < limit {
      // Many small frames to one growth of the buffer.
      let room = limit - buffer.readableBytes
      buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) {
        fill(UnsafeMutableRawBufferPointer(rebasing: $0.prefix(room)), &piece)
      }
      if piece.result < 0 { throw HTTP2SessionError(code: piece.result) }
      if piece.result == 0 { return false }
      buffer.writeBytes(piece.bytes)
    }
    return true
  }

  /// What nghttp2 handed out last: an error, nothing, or bytes that did not fit.
  private struct Piece {
    var result: Int32 = 0
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// Copies whole pieces to `space` until one does not fit or is none. Returns the bytes written.
  private func fill(_ space: UnsafeMutableRawBufferPointer, _ piece: inout Piece) -> Int {
    var used = 0
    while true {
      var data: UnsafePointer<UInt8>?
      let length = nghttp2_session_mem_send(raw, &data)
      piece.result = Int32(clamping: length)
      guard length > 0 else { return used }
      piece.bytes = UnsafeRawBufferPointer(start: data, count: length)
      guard length <= space.count - used else { return used }
      space.baseAddress!.advanced(by: used)
        .copyMemory(from: piece.bytes.baseAddress!, byteCount: length)
      used += length
    }
  }

  /// Whether the connection still has a purpose: false after the last stream that GOAWAY allowed, or
  /// after an error whose GOAWAY has been sent.
  var isAlive: Bool {
    !isClosed && (nghttp2_session_want_read(raw) != 0 || nghttp2_session_want_write(raw) != 0)
  }

  /// The transport is gone: every open stream is closed with `code`, nothing is sent any more.
  func close(_ code: HTTP2ErrorCode) {
    guard !isClosed else { return }
    isClosed = true
    receiving = nil
    streams.forEach { close($0, code) }
  }

  // MARK: - The connection

  /// The streams that the peer allows this end to have open at once.
  var peerMaxConcurrentStreams: UInt32 {
    nghttp2_session_get_remote_settings(raw, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
  }

  /// Whether a client may still open streams: no GOAWAY and stream numbers left.
  var canSubmitRequests: Bool {
    !isClosed && nghttp2_session_check_request_allowed(raw) != 0
  }

  func ping(_ opaque: UInt64) {
    withUnsafeBytes(of: opaque) { bytes in
      _ = nghttp2_submit_ping(raw, 0, bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
    }
    hasOutput()
  }

  /// Announces that the connection will end, without refusing a stream yet (RFC 9113, section 6.8).
  func submitShutdownNotice() {
    guard role == .server, !isClosed else { return }
    nghttp2_submit_shutdown_notice(raw)
    hasOutput()
  }

  /// GOAWAY with the last stream seen: later ones are ignored, open ones go on.
  func submitGoAway(_ code: HTTP2ErrorCode) {
    guard !isClosed else { return }
    nghttp2_submit_goaway(
      raw, 0, nghttp2_session_get_last_proc_stream_id(raw), code.rawValue, nil, 0)
    hasOutput()
  }

  /// GOAWAY, and the end of the connection when it has been sent.
  func terminate(_ code: HTTP2ErrorCode) {
    guard !isClosed else { return }
    nghttp2_session_terminate_session(raw, code.rawValue)
    hasOutput()
  }

  // MARK: - Streams

  /// Opens a stream with a request (client). Without `endStream` the stream's queue follows.
  func submitRequest(
    _ fields: HTTP2Fields, endStream: Bool = false, on stream: HTTP2Stream
  ) throws(HTTP2SessionError) {
    guard canSubmitRequests else { throw .closed }
    var provider = dataProvider(of: stream, isEmpty: endStream)
    let id = fields.withFields { list, count in
      nghttp2_submit_request(
        raw, nil, list, count, &provider,
        Unmanaged.passUnretained(stream).toOpaque())
    }
    if id < 0 { throw HTTP2SessionError(code: id) }
    streams.insert(stream, id: id, session: self)
    hasOutput()
  }

  func submitResponse(_ fields: HTTP2Fields, endStream: Bool, to stream: HTTP2Stream) {
    var provider = dataProvider(of: stream, isEmpty: endStream)
    let result = fields.withFields { list, count in
      nghttp2_submit_response(raw, stream.id, list, count, &provider)
    }
    if result == 0 { hasOutput() } else { reset(stream, .internalError) }
  }

  func submitTrailers(_ fields: HTTP2Fields, to stream: HTTP2Stream) {
    let result = fields.withFields { nghttp2_submit_trailer(raw, stream.id, $0, $1) }
    if result == 0 { hasOutput() } else { reset(stream, .internalError) }
  }

  func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    nghttp2_submit_rst_stream(raw, 0, stream.id, code.rawValue)
    hasOutput()
  }

  func resume(_ stream: HTTP2Stream) {
    nghttp2_session_resume_data(raw, stream.id)
    hasOutput()
  }

  func consume(_ count: Int, of stream: HTTP2Stream) {
    nghttp2_session_consume_stream(raw, stream.id, count)
    if nghttp2_session_want_write(raw) != 0 { hasOutput() }
  }

  /// Without a callback nghttp2 ends the stream with the headers.
  private func dataProvider(of stream: HTTP2Stream, isEmpty: Bool) -> nghttp2_data_provider {
    // Unretained: nghttp2 reads only from open streams, which the list retains.
    nghttp2_data_provider(
      source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()),
      read_callback: isEmpty ? nil : readCallback)
  }

  private func hasOutput() {
    guard !announced else { return }
    announced = true
    delegate.sessionHasOutput()
  }
}

// MARK: - For the callbacks

extension HTTP2Session {
  /// Enters a stream that the peer opened.
  func open(_ stream: HTTP2Stream, id: Int32) {
    streams.insert(stream, id: id, session: self)
    let unretained = Unmanaged.passUnretained(stream)
    nghttp2_session_set_stream_user_data(raw, id, unretained.toOpaque())
    recent = (id, unretained)
    receiving = unretained
  }

  /// A header list or trailers begin.
  func beginList() {
    listSize = 0
    listFields = 0
  }

  /// Counts a field of the list being received; false when reading has to stop.
  func count(name: Int, value: Int) -> Bool {
    listSize += name + value + 32
    listFields += 1
    if listSize > settings.endurableListSize {
      delegate.receivedExcess(.bytes)
      return false
    }
    if listFields > settings.endurableListFields {
      delegate.receivedExcess(.fields)
      return false
    }
    return true
  }

  /// Refuses a stream before anything of it was looked at.
  func refuse(_ id: Int32) {
    nghttp2_submit_rst_stream(raw, 0, id, HTTP2ErrorCode.refusedStream.rawValue)
  }

  /// Unretained: for calls into the stream that do not keep it.
  func stream(_ id: Int32) -> Unmanaged<HTTP2Stream>? {
    if let recent, recent.id == id { return recent.stream }
    guard let pointer = nghttp2_session_get_stream_user_data(raw, id) else { return nil }
    let stream = Unmanaged<HTTP2Stream>.fromOpaque(pointer)
    recent = (id, stream)
    return stream
  }

  /// The stream whose data is being sent: its next events follow at once.
  func sending(_ stream: Unmanaged<HTTP2Stream>, id: Int32) {
    recent = (id, stream)
  }

  /// A server that has answered before the request's end tells the client to stop sending it
  /// (RFC 9113, section 8.1).
  func sentEnd(_ id: Int32) {
    guard role == .server else { return }
    if let stream = stream(id), stream._withUnsafeGuaranteedRef({ $0.peerEnded }) { return }
    guard nghttp2_session_get_stream_remote_close(raw, id) == 0 else { return }
    nghttp2_submit_rst_stream(raw, 0, id, HTTP2ErrorCode.noError.rawValue)
  }

  /// Counts bytes of DATA frames for the connection's window; see `HTTP2Settings`.
  func received(_ count: Int) {
    unconsumed += count
  }

  /// Gives the connection's window back what arrived, once for all frames of a read.
  private func consumeConnection() {
    guard unconsumed > 0 else { return }
    nghttp2_session_consume_connection(raw, unconsumed)
    unconsumed = 0
  }

  func close(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    // Another stream's header list may be half read: a read ends anywhere.
    if receiving?.toOpaque() == Unmanaged.passUnretained(stream).toOpaque() { receiving = nil }
    recent = nil
    if streams.remove(stream) { stream.closed(code) }
  }
}
