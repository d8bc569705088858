internal import RawHTTP2

/// h2spec's http2/8: what a request has to be, and what it must not.
extension ConformanceCase {
  private static func refused(_ name: String, _ block: [UInt8]) -> ConformanceCase {
    .init("http2/" + name, block: block, .streamError(.protocolError))
  }

  static let http2Exchanges: [ConformanceCase] = [
    .init(
      "http2/8.1 Sends a second HEADERS frame without the END_STREAM flag",
      [
        .headers(post, .endHeaders), .data("test"),
        .headers(field("x-test", "ok"), .endHeaders),
      ], .streamError(.protocolError)),
    refused(
      "8.1.2 Sends a HEADERS frame that contains the header field name in uppercase letters",
      get + field("X-TEST", "ok")),
    .init(
      "http2/8.2 Sends a PUSH_PROMISE frame",
      [RawFrame(.pushPromise, .endHeaders, on: 1, [0, 0, 0, 3] + get)],
      .connectionError(.protocolError)),
  ]

  private static let authority = HeaderBlock.literal(name: 1, "localhost", .incremental)
  private static let scheme = HeaderBlock.indexed(7)
  private static let path = HeaderBlock.path("/")
  private static let method = HeaderBlock.method("GET")

  static let http2PseudoHeaders: [ConformanceCase] = [
    refused(
      "8.1.2.1 Sends a HEADERS frame that contains a unknown pseudo-header field",
      get + field(":test", "ok")),
    refused(
      "8.1.2.1 Sends a HEADERS frame that contains the pseudo-header field defined for response",
      get + field(":status", "200")),
    .init(
      "http2/8.1.2.1 Sends a HEADERS frame that contains a pseudo-header field as trailers",
      [
        .headers(post, .endHeaders), .data("test"),
        .headers(HeaderBlock.method("POST"), .endHeaders),
      ], .streamError(.protocolError)),
    refused(
      "8.1.2.1 Sends a HEADERS frame that contains a pseudo-header field that appears in a header "
        + "block after a regular header field",
      field("x-test", "ok") + get),
    refused(
      "8.1.2.3 Sends a HEADERS frame with empty \":path\" pseudo-header field",
      method + scheme + HeaderBlock.path("") + authority),
    // h2spec leaves the scheme out too.
    refused(
      "8.1.2.3 Sends a HEADERS frame that omits \":method\" pseudo-header field",
      path + authority),
    refused(
      "8.1.2.3 Sends a HEADERS frame that omits \":scheme\" pseudo-header field",
      method + path + authority),
    refused(
      "8.1.2.3 Sends a HEADERS frame that omits \":path\" pseudo-header field",
      method + scheme + authority),
    refused(
      "8.1.2.3 Sends a HEADERS frame with duplicated \":method\" pseudo-header field",
      get + method),
    refused(
      "8.1.2.3 Sends a HEADERS frame with duplicated \":scheme\" pseudo-header field",
      get + scheme),
    refused(
      "8.1.2.3 Sends a HEADERS frame with duplicated \":path\" pseudo-header field", get + path),
  ]

  static let http2Malformed: [ConformanceCase] = [
    refused(
      "8.1.2.2 Sends a HEADERS frame that contains the connection-specific header field",
      get + field("connection", "keep-alive")),
    refused(
      "8.1.2.2 Sends a HEADERS frame that contains the TE header field with any value other than "
        + "\"trailers\"",
      get + field("trailers", "test") + field("te", "trailers, deflate")),
    .init(
      "http2/8.1.2.6 Sends a HEADERS frame with the \"content-length\" header field which does "
        + "not equal the DATA frame payload length",
      [
        .headers(post + field("content-length", "1"), .endHeaders), .data("test", .endStream),
      ], .streamError(.protocolError)),
    .init(
      "http2/8.1.2.6 Sends a HEADERS frame with the \"content-length\" header field which does "
        + "not equal the sum of the multiple DATA frames payload length",
      [
        .headers(post + field("content-length", "1"), .endHeaders), .data("test"),
        .data("test", .endStream),
      ], .streamError(.protocolError)),
  ]
}
