internal import CNghttp2

/// nghttp2's table of callbacks, made once. C callbacks capture nothing: the session comes back
/// through the user data, a stream through the stream's own.
struct HTTP2SessionCallbacks: @unchecked Sendable {
  // Unchecked: written in `init`, only read (and copied by nghttp2) after.
  let raw: OpaquePointer

  init() {
    var callbacks: OpaquePointer?
    nghttp2_session_callbacks_new(&callbacks)
    guard let callbacks else { preconditionFailure("nghttp2 is out of memory") }
    raw = callbacks
    nghttp2_session_callbacks_set_on_begin_headers_callback(raw, beginHeaders)
    nghttp2_session_callbacks_set_on_header_callback(raw, headerField)
    nghttp2_session_callbacks_set_on_begin_frame_callback(raw, beginFrame)
    nghttp2_session_callbacks_set_on_frame_recv_callback(raw, frameReceived)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(raw, dataReceived)
    nghttp2_session_callbacks_set_on_stream_close_callback(raw, streamClosed)
    nghttp2_session_callbacks_set_on_frame_send_callback(raw, frameSent)
  }
}

let sessionCallbacks = HTTP2SessionCallbacks()

typealias FramePointer = UnsafePointer<nghttp2_frame>?

/// The session behind a callback's user data. Unretained: its connection calls into nghttp2 and so
/// keeps it.
private func session(_ userData: UnsafeMutableRawPointer?) -> HTTP2Session {
  Unmanaged<HTTP2Session>.fromOpaque(userData!).takeUnretainedValue()
}

private func beginHeaders(
  _: OpaquePointer?, frame: FramePointer, userData: UnsafeMutableRawPointer?
) -> Int32 {
  let session = session(userData)
  let id = frame!.pointee.hd.stream_id
  if let known = session.stream(id) {
    session.receiving = known
    return 0
  }
  guard session.role == .server, frame!.pointee.headers.cat == NGHTTP2_HCAT_REQUEST else {
    return 0
  }
  guard let stream = session.delegate.makeStream(id: id) else {
    session.refuse(id)
    return 0
  }
  session.open(stream, id: id)
  session.receiving = stream
  return 0
}

private func headerField(
  _: OpaquePointer?, frame: FramePointer, name: UnsafePointer<UInt8>?, nameLength: Int,
  value: UnsafePointer<UInt8>?, valueLength: Int, flags: UInt8,
  userData: UnsafeMutableRawPointer?
) -> Int32 {
  session(userData).receiving?.received(
    name: UnsafeBufferPointer(start: name, count: nameLength),
    value: UnsafeBufferPointer(start: value, count: valueLength))
  return 0
}

private func beginFrame(
  _: OpaquePointer?, header: UnsafePointer<nghttp2_frame_hd>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
  let header = header!.pointee
  let session = session(userData)
  session.receiving = nil
  session.delegate.receivedFrame(type: header.type, flags: header.flags, length: header.length)
  return 0
}

private func frameReceived(
  _: OpaquePointer?, frame: FramePointer, userData: UnsafeMutableRawPointer?
) -> Int32 {
  let session = session(userData)
  let header = frame!.pointee.hd
  let endStream = UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
  let acknowledges = UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue != 0
  switch UInt32(header.type) {
  case NGHTTP2_HEADERS.rawValue:
    session.stream(header.stream_id)?.receivedHeaders(endStream: endStream)
  case NGHTTP2_DATA.rawValue:
    if endStream { session.stream(header.stream_id)?.receivedEnd() }
  case NGHTTP2_SETTINGS.rawValue:
    if !acknowledges { session.delegate.receivedSettings() }
  case NGHTTP2_PING.rawValue:
    if acknowledges {
      let opaque = withUnsafeBytes(of: frame!.pointee.ping.opaque_data) {
        $0.loadUnaligned(as: UInt64.self)
      }
      session.delegate.receivedPingAcknowledgement(opaque)
    }
  case NGHTTP2_GOAWAY.rawValue:
    let goAway = frame!.pointee.goaway
    session.delegate.receivedGoAway(
      HTTP2ErrorCode(rawValue: goAway.error_code), lastStream: goAway.last_stream_id)
  default:
    break
  }
  return 0
}

private func dataReceived(
  _: OpaquePointer?, flags: UInt8, id: Int32, data: UnsafePointer<UInt8>?, length: Int,
  userData: UnsafeMutableRawPointer?
) -> Int32 {
  let session = session(userData)
  session.consumeConnection(length)
  session.stream(id)?.received(data: UnsafeRawBufferPointer(start: data, count: length))
  return 0
}

private func streamClosed(
  _: OpaquePointer?, id: Int32, code: UInt32, userData: UnsafeMutableRawPointer?
) -> Int32 {
  let session = session(userData)
  if let stream = session.stream(id) { session.close(stream, HTTP2ErrorCode(rawValue: code)) }
  return 0
}

private func frameSent(
  _: OpaquePointer?, frame: FramePointer, userData: UnsafeMutableRawPointer?
) -> Int32 {
  let header = frame!.pointee.hd
  switch UInt32(header.type) {
  case NGHTTP2_RST_STREAM.rawValue:
    let code = HTTP2ErrorCode(rawValue: frame!.pointee.rst_stream.error_code)
    session(userData).delegate.sentReset(code)
  case NGHTTP2_HEADERS.rawValue, NGHTTP2_DATA.rawValue:
    if UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 {
      session(userData).sentEnd(header.stream_id)
    }
  default:
    break
  }
  return 0
}

/// Fills the payload of a DATA frame from the queue of the stream in `source`.
let readCallback: nghttp2_data_source_read_callback = { _, _, buffer, length, flags, source, _ in
  let stream = Unmanaged<HTTP2Stream>.fromOpaque(source!.pointee.ptr).takeUnretainedValue()
  return stream.read(
    into: UnsafeMutableRawBufferPointer(start: buffer, count: length), flags: flags!)
}
