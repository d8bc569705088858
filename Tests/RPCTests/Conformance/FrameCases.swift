internal import RawHTTP2

/// h2spec's http2/6.1 to http2/6.4, http2/6.7 and http2/6.8: frames that are not as they should be.
extension ConformanceCase {
  static let http2DataAndHeaders: [ConformanceCase] = [
    .init(
      "http2/6.1 Sends a DATA frame with 0x0 stream identifier",
      [.data("test", .endStream, on: 0)], .connectionError(.protocolError)),
    .init(
      "http2/6.1 Sends a DATA frame on the stream that is not in \"open\" or \"half-closed "
        + "(local)\" state",
      [.headers(post), .data("test", .endStream)], .streamError(.streamClosed)),
    .init(
      "http2/6.1 Sends a DATA frame with invalid pad length",
      [
        .headers(post + field("content-length", "4"), .endHeaders),
        RawFrame(.data, [.endStream, .padded], on: 1, [6] + Array("Test".utf8)),
      ], .connectionError(.protocolError)),
    .init(
      "http2/6.2 Sends a HEADERS frame without the END_HEADERS flag, and a PRIORITY frame",
      [.headers(get, []), .priority(on: 1), .continuation(dummy(1), .endHeaders)],
      .connectionError(.protocolError)),
    .init(
      "http2/6.2 Sends a HEADERS frame to another stream while sending a HEADERS frame",
      [.headers(get, []), .headers(get, on: 3), .continuation(dummy(1), .endHeaders)],
      .connectionError(.protocolError)),
    .init(
      "http2/6.2 Sends a HEADERS frame with 0x0 stream identifier",
      [.headers(get, on: 0)], .connectionError(.protocolError)),
    .init(
      "http2/6.2 Sends a HEADERS frame with invalid pad length",
      [.headers([UInt8(get.count + 2)] + get, [.whole, .padded])], .streamError(.protocolError)),
  ]

  static let http2PriorityAndReset: [ConformanceCase] = [
    .init(
      "http2/6.3 Sends a PRIORITY frame with 0x0 stream identifier",
      [.priority(on: 0)], .connectionError(.protocolError)),
    .init(
      "http2/6.3 Sends a PRIORITY frame with a length other than 5 octets",
      [.headers(get), RawFrame(.priority, on: 1, [0x80, 0, 0, 1])], .streamError(.frameSizeError)),
    .init(
      "http2/6.4 Sends a RST_STREAM frame with 0x0 stream identifier",
      [.reset(.cancel, on: 0)], .connectionError(.protocolError)),
    .init(
      "http2/6.4 Sends a RST_STREAM frame on a idle stream",
      [.reset(.cancel)], .connectionError(.protocolError)),
    .init(
      "http2/6.4 Sends a RST_STREAM frame with a length other than 4 octets",
      [.headers(get), RawFrame(.reset, on: 1, [0, 0, 0])], .streamError(.frameSizeError)),
  ]

  static let http2PingAndGoAway: [ConformanceCase] = [
    .init("http2/6.7 Sends a PING frame", [.ping("h2spec")], .pingAcknowledgement("h2spec")),
    .init(
      "http2/6.7 Sends a PING frame with ACK",
      [.ping("invalid", .acknowledgement), .ping("h2spec")], .pingAcknowledgement("h2spec")),
    .init(
      "http2/6.7 Sends a PING frame with a stream identifier field value other than 0x0",
      [RawFrame(.ping, on: 1, [UInt8](repeating: 0, count: 8))], .connectionError(.protocolError)),
    .init(
      "http2/6.7 Sends a PING frame with a length field value other than 8",
      [RawFrame(.ping, payload: [UInt8](repeating: 0, count: 6))], .connectionError(.frameSizeError)
    ),
    .init(
      "http2/6.8 Sends a GOAWAY frame with a stream identifier other than 0x0",
      [RawFrame(.goAway, on: 1, [UInt8](repeating: 0, count: 8))],
      .connectionError(.protocolError)),
  ]
}
