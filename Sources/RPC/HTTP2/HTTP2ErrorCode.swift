internal import CNghttp2

/// An HTTP/2 error code as RST_STREAM and GOAWAY carry it (RFC 9113, section 7).
struct HTTP2ErrorCode: RawRepresentable, Hashable, Sendable {
  var rawValue: UInt32

  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  static let noError = HTTP2ErrorCode(rawValue: 0x0)
  static let protocolError = HTTP2ErrorCode(rawValue: 0x1)
  static let internalError = HTTP2ErrorCode(rawValue: 0x2)
  static let flowControlError = HTTP2ErrorCode(rawValue: 0x3)
  static let settingsTimeout = HTTP2ErrorCode(rawValue: 0x4)
  static let streamClosed = HTTP2ErrorCode(rawValue: 0x5)
  static let frameSizeError = HTTP2ErrorCode(rawValue: 0x6)
  static let refusedStream = HTTP2ErrorCode(rawValue: 0x7)
  static let cancel = HTTP2ErrorCode(rawValue: 0x8)
  static let compressionError = HTTP2ErrorCode(rawValue: 0x9)
  static let connectError = HTTP2ErrorCode(rawValue: 0xa)
  static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 0xb)
  static let inadequateSecurity = HTTP2ErrorCode(rawValue: 0xc)
  static let http11Required = HTTP2ErrorCode(rawValue: 0xd)
}

/// A failure of the session itself, as nghttp2 names it; the connection is of no more use.
struct HTTP2SessionError: Error, CustomStringConvertible {
  /// A negative `nghttp2_error`.
  var code: Int32

  var description: String {
    String(cString: nghttp2_strerror(code))
  }

  static let closed = HTTP2SessionError(code: NGHTTP2_ERR_SESSION_CLOSING.rawValue)
}
