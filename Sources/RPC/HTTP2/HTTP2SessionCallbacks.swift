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

/// Calls `body` with the session behind a callback's user data, which its connection keeps for the
/// length of every call into nghttp2: no reference is counted.
@inline(__always)
private func withSession<Result>(
  _ userData: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> Result
) -> Result {
  Unmanaged<HTTP2Session>.fromOpaque(userData!)._withUnsafeGuaranteedRef(body)
}

private func beginHeaders(
  _: OpaquePointer?, frame: FramePointer, userData: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(userData) { session in
    let id = frame!.pointee.hd.stream_id
    session.beginList()
    let opens =
      session.role == .server && frame!.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
    guard opens else {
      session.receiving = session.stream(id)
      return
    }
    if let stream = session.delegate.makeStream(id: id) {
      session.open(stream, id: id)
    } else {
      session.refuse(id)
    }
  }
  return 0
}

private func headerField(
  _: OpaquePointer?, frame: FramePointer, name: UnsafePointer<UInt8>?, nameLength: Int,
  value: UnsafePointer<UInt8>?, valueLength: Int, flags: UInt8,
  userData: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(userData) { session in
    // Pausing lets nghttp2 return at once; going on it would look at each byte of each field left.
    guard session.count(name: nameLength, value: valueLength) else {
      return NGHTTP2_ERR_PAUSE.rawValue
    }
    session.receiving?._withUnsafeGuaranteedRef { stream in
      stream.received(
        name: UnsafeBufferPointer(start: name, count: nameLength),
        value: UnsafeBufferPointer(start: value, count: valueLength))
    }
    return 0
  }
}

private func beginFrame(
  _: OpaquePointer?, header: UnsafePointer<nghttp2_frame_hd>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(userData) { session in
    let header = header!.pointee
    session.receiving = nil
    session.delegate.receivedFrame(type: header.type, flags: header.flags, length: header.length)
  }
  return 0
}

private func frameReceived(
  _: OpaquePointer?, frame: FramePointer, userData: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(userData) { session in
    let header = frame!.pointee.hd
    switch UInt32(header.type) {
    case NGHTTP2_HEADERS.rawValue:
      session.stream(header.stream_id)?._withUnsafeGuaranteedRef { stream in
        if header.endsStream { stream.peerEnded = true }
        stream.receivedHeaders(endStream: header.endsStream)
      }
    case NGHTTP2_DATA.rawValue:
      guard header.endsStream else { return }
      session.stream(header.stream_id)?._withUnsafeGuaranteedRef { stream in
        stream.peerEnded = true
        stream.receivedEnd()
      }
    default:
      receivedControl(frame!, session)
    }
  }
  return 0
}

private func receivedControl(_ frame: UnsafePointer<nghttp2_frame>, _ session: HTTP2Session) {
  let header = frame.pointee.hd
  let acknowledges = UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue != 0
  switch UInt32(header.type) {
  case NGHTTP2_SETTINGS.rawValue:
    if !acknowledges { session.delegate.receivedSettings() }
  case NGHTTP2_PING.rawValue:
    if acknowledges {
      let opaque = withUnsafeBytes(of: frame.pointee.ping.opaque_data) {
        $0.loadUnaligned(as: UInt64.self)
      }
      session.delegate.receivedPingAcknowledgement(opaque)
    }
  case NGHTTP2_GOAWAY.rawValue:
    let goAway = frame.pointee.goaway
    session.delegate.receivedGoAway(
      HTTP2ErrorCode(rawValue: goAway.error_code), lastStream: goAway.last_stream_id)
  default:
    break
  }
}

private func dataReceived(
  _: OpaquePointer?, flags: UInt8, id: Int32, data: UnsafePointer<UInt8>?, length: Int,
  userData: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(userData) { session in
    session.received(length)
    session.stream(id)?._withUnsafeGuaranteedRef { stream in
      stream.received(data: UnsafeRawBufferPointer(start: data, count: length))
    }
  }
  return 0
}

private func streamClosed(
  _: OpaquePointer?, id: Int32, code: UInt32, userData: UnsafeMutableRawPointer?
) -> Int32 {
  withSession(userData) { session in
    guard let stream = session.stream(id)?.takeUnretainedValue() else { return }
    session.close(stream, HTTP2ErrorCode(rawValue: code))
  }
  return 0
}

private func frameSent(
  _: OpaquePointer?, frame: FramePointer, userData: UnsafeMutableRawPointer?
) -> Int32 {
  let header = frame!.pointee.hd
  switch UInt32(header.type) {
  case NGHTTP2_RST_STREAM.rawValue:
    let code = HTTP2ErrorCode(rawValue: frame!.pointee.rst_stream.error_code)
    withSession(userData) { $0.delegate.sentReset(code) }
  case NGHTTP2_GOAWAY.rawValue:
    let code = HTTP2ErrorCode(rawValue: frame!.pointee.goaway.error_code)
    withSession(userData) { $0.delegate.sentGoAway(code) }
  case NGHTTP2_HEADERS.rawValue, NGHTTP2_DATA.rawValue:
    withSession(userData) { session in
      session.sentFrames &+= 1
      if header.endsStream { session.sentEnd(header.stream_id) }
    }
  default:
    break
  }
  return 0
}

extension nghttp2_frame_hd {
  fileprivate var endsStream: Bool { UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 }
}

/// Fills the payload of a DATA frame from the queue of the stream in `source`.
let readCallback: nghttp2_data_source_read_callback = {
  _, id, buffer, length, flags, source, userData in
  let stream = Unmanaged<HTTP2Stream>.fromOpaque(source!.pointee.ptr)
  withSession(userData) { $0.sending(stream, id: id) }
  return stream._withUnsafeGuaranteedRef {
    $0.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: length), flags: flags!)
  }
}
