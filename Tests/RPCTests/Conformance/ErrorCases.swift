internal import RawHTTP2

/// h2spec's http2/5.3 to http2/5.5 and http2/7: dependencies, errors, extensions.
extension ConformanceCase {
  private static let zeros = [UInt8](repeating: 0, count: 8)

  static let http2ErrorsAndExtensions: [ConformanceCase] = [
    .init(
      "http2/5.3.1 Sends HEADERS frame that depends on itself",
      [.headers([0, 0, 0, 1, 255] + get, [.whole, .priority])], .streamError(.protocolError)),
    .init(
      "http2/5.3.1 Sends PRIORITY frame that depend on itself",
      [.priority(on: 1, dependingOn: 1)], .streamError(.protocolError)),
    .init(
      "http2/5.4.1 Sends an invalid PING frame for connection close",
      [RawFrame(.ping, on: 3, zeros)], .close),
    .init(
      "http2/5.4.1 Sends an invalid PING frame to receive GOAWAY frame",
      [RawFrame(.ping, on: 3, zeros)], .goAway(nil)),
    .init(
      "http2/5.5 Sends an unknown extension frame",
      [RawFrame(.unknown, payload: zeros), .ping()], .pingAcknowledgement("")),
    .init(
      "http2/5.5 Sends an unknown extension frame in the middle of a header block",
      [.headers(get, .endStream), RawFrame(.unknown, payload: zeros)],
      .connectionError(.protocolError)
    ),
  ]

  private static let nobodysCode = ErrorCode(rawValue: 0xff)

  static let http2ErrorCodes: [ConformanceCase] = [
    .init(
      "http2/7 Sends a GOAWAY frame with unknown error code",
      [.goAway(nobodysCode), .ping("h2spec")], .pingAcknowledgementOrClose("h2spec")),
    .init(
      "http2/7 Sends a RST_STREAM frame with unknown error code",
      [.headers(post, .endHeaders), .reset(nobodysCode), .ping()],
      .pingAcknowledgementOrClose("")),
  ]
}
