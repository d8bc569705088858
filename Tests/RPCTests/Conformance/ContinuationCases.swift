internal import RawHTTP2

/// h2spec's http2/6.10: CONTINUATION.
extension ConformanceCase {
  static let http2Continuation: [ConformanceCase] = [
    .init(
      "http2/6.10 Sends multiple CONTINUATION frames preceded by a HEADERS frame",
      [
        .headers(get, .endStream), .continuation(dummy(1)),
        .continuation(dummy(1), .endHeaders),
      ], .headers(on: 1)),
    .init(
      "http2/6.10 Sends a CONTINUATION frame followed by any frame other than CONTINUATION",
      [.headers(post, []), .continuation(dummy(1)), .data("test", .endStream)],
      .connectionError(.protocolError)),
    .init(
      "http2/6.10 Sends a CONTINUATION frame with 0x0 stream identifier",
      [.headers(get, .endStream), .continuation(dummy(1), .endHeaders, on: 0)],
      .connectionError(.protocolError)),
    .init(
      "http2/6.10 Sends a CONTINUATION frame preceded by a HEADERS frame with END_HEADERS flag",
      [.headers(get), .continuation(dummy(1), .endHeaders)], .connectionError(.protocolError)),
    .init(
      "http2/6.10 Sends a CONTINUATION frame preceded by a CONTINUATION frame with END_HEADERS "
        + "flag",
      [
        .headers(get, .endStream), .continuation(dummy(1), .endHeaders),
        .continuation(dummy(1), .endHeaders),
      ], .connectionError(.protocolError)),
    .init(
      "http2/6.10 Sends a CONTINUATION frame preceded by a DATA frame",
      [
        .headers(post, []), .data("test", .endStream), .continuation(dummy(1)),
        .continuation(dummy(1), .endHeaders, on: 0),
      ], .connectionError(.protocolError)),
  ]
}
