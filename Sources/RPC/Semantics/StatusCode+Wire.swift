extension StatusCode {
  /// The value of a `grpc-status` field: decimal digits. A number beyond the 17 is `unknown`, as the
  /// specification asks; anything but digits is nil.
  public init?(wire: some Collection<UInt8>) {
    guard (1...4).contains(wire.count) else { return nil }
    var number = 0
    for byte in wire {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    self = UInt8(exactly: number).flatMap(StatusCode.init(rawValue:)) ?? .unknown
  }

  /// What an HTTP status means when the answer carries no `grpc-status`, a proxy's answer mostly.
  ///
  /// Source: gRPC `doc/http-grpc-status-mapping.md`.
  public init(httpStatus: Int) {
    switch httpStatus {
    case 400, 431: self = .internal
    case 401: self = .unauthenticated
    case 403: self = .permissionDenied
    case 404: self = .unimplemented
    case 429, 502, 503, 504: self = .unavailable
    default: self = .unknown
    }
  }

  /// What the code of an RST_STREAM or GOAWAY (RFC 9113 §7) means for the calls it ends.
  ///
  /// Source: gRPC `doc/PROTOCOL-HTTP2.md`, "Errors".
  public init(http2Error: UInt32) {
    switch http2Error {
    case 0x0, 0x1, 0x2, 0x3, 0x4, 0x6, 0x9, 0xa: self = .internal
    case 0x7: self = .unavailable  // REFUSED_STREAM: nothing was processed
    case 0x8: self = .cancelled  // CANCEL
    case 0xb: self = .resourceExhausted  // ENHANCE_YOUR_CALM
    case 0xc: self = .permissionDenied  // INADEQUATE_SECURITY
    default: self = .unknown
    }
  }
}
