internal import RawHTTP2

/// h2spec's http2/3 to http2/5 but for errors: preface, frames, states of streams.
extension ConformanceCase {
  static let http2Preface: [ConformanceCase] = [
    .init(
      "http2/3.5 Sends client connection preface", handshakes: false,
      steps: [
        .sendBytes(RawFrame.preface), .send([.settings((.initialWindowSize, 65535))]),
        .expect(.settings),
      ]),
    .init(
      "http2/3.5 Sends invalid connection preface", handshakes: false,
      steps: [
        .sendBytes(Array("INVALID CONNECTION PREFACE\r\n\r\n".utf8)),
        .expect(.connectionError(.protocolError)),
      ]),
  ]

  static let http2Frames: [ConformanceCase] = [
    .init(
      "http2/4.1 Sends a frame with unknown type",
      [RawFrame(.unknown, payload: [UInt8](repeating: 0, count: 8)), .ping()],
      .pingAcknowledgement("")
    ),
    .init(
      "http2/4.1 Sends a frame with undefined flag",
      [.ping("", .init(rawValue: 0x16))], .ping),
    .init(
      "http2/4.1 Sends a frame with reserved field bit",
      [
        RawFrame(
          .ping, .init(rawValue: 0x16), on: 0x8000_0000, [UInt8](repeating: 0, count: 8))
      ],
      .ping),
    .init(
      "http2/4.2 Sends a DATA frame with 2^14 octets in length",
      [
        .headers(post, .endHeaders),
        .data(String(repeating: "x", count: 1 << 14), .endStream),
      ], .headers(on: 1)),
    .init(
      "http2/4.2 Sends a large size DATA frame that exceeds the SETTINGS_MAX_FRAME_SIZE",
      [
        .headers(post, .endHeaders),
        .data(String(repeating: "x", count: 1 << 14 + 1), .endStream),
      ], .streamError(.frameSizeError)),
    .init(
      "http2/4.2 Sends a large size HEADERS frame that exceeds the SETTINGS_MAX_FRAME_SIZE",
      [.headers(get + dummy(5))], .connectionError(.frameSizeError)),
    .init(
      "http2/4.3 Sends invalid header block fragment",
      bytes: [0, 0, 1, 1, 5, 0, 0, 0, 1, 0x40], .connectionError(.compressionError)),
    .init(
      "http2/4.3 Sends a PRIORITY frame while sending the header blocks",
      [.headers(get, []), .priority(on: 1), .continuation(dummy(1), .endHeaders)],
      .connectionError(.protocolError)),
    .init(
      "http2/4.3 Sends a HEADERS frame to another stream while sending the header blocks",
      [.headers(get, []), .headers(get, on: 3), .continuation(dummy(1), .endHeaders)],
      .connectionError(.protocolError)),
  ]

  static let http2Streams: [ConformanceCase] =
    idleStreams + halfClosedStreams + closedStreams + [
      .init(
        "http2/5.1.1 Sends even-numbered stream identifier",
        [.headers(get, on: 2)], .connectionError(.protocolError)),
      .init(
        "http2/5.1.1 Sends stream identifier that is numerically smaller than previous",
        [.headers(get, on: 5), .headers(get, on: 3)], .connectionError(.protocolError)),
      .init(
        "http2/5.1.2 Sends HEADERS frames that causes their advertised concurrent stream limit to "
          + "be exceeded",
        [.settings((.initialWindowSize, 0))]
          + (0...100).map { .headers(get, on: UInt32(2 * $0 + 1)) },
        .streamError(.protocolError, .refusedStream)),
    ]

  private static let idleStreams: [ConformanceCase] = [
    .init(
      "http2/5.1 idle: Sends a DATA frame",
      [.data("test", .endStream)], .streamError(.protocolError, .streamClosed)),
    .init(
      "http2/5.1 idle: Sends a RST_STREAM frame",
      [.reset(.cancel)], .connectionError(.protocolError)),
    .init(
      "http2/5.1 idle: Sends a WINDOW_UPDATE frame",
      [.windowUpdate(100, on: 1)], .connectionError(.protocolError)),
    .init(
      "http2/5.1 idle: Sends a CONTINUATION frame",
      [.continuation(get, .endHeaders)], .connectionError(.protocolError)),
  ]

  private static let halfClosedStreams: [ConformanceCase] = [
    .init(
      "http2/5.1 half closed (remote): Sends a DATA frame",
      [.headers(get), .data("test", .endStream)], .streamError(.streamClosed)),
    .init(
      "http2/5.1 half closed (remote): Sends a HEADERS frame",
      [.headers(get), .headers(get)], .streamError(.streamClosed)),
    .init(
      "http2/5.1 half closed (remote): Sends a CONTINUATION frame",
      [.headers(get), .continuation(get, .endHeaders)],
      .streamError(.streamClosed, .protocolError)),
  ]

  private static let closedStreams: [ConformanceCase] = [
    .init(
      "http2/5.1 closed: Sends a DATA frame after sending RST_STREAM frame",
      [.headers(get, .endHeaders), .reset(.cancel), .data("test", .endStream)],
      .streamError(.streamClosed)),
    .init(
      "http2/5.1 closed: Sends a HEADERS frame after sending RST_STREAM frame",
      [.headers(get, .endHeaders), .reset(.cancel), .headers(get)], .streamError(.streamClosed)),
    .init(
      "http2/5.1 closed: Sends a CONTINUATION frame after sending RST_STREAM frame",
      [
        .headers(get, .endHeaders), .reset(.cancel), .continuation(dummy(1), .endHeaders),
      ], .streamError(.streamClosed, .protocolError)),
    .init(
      "http2/5.1 closed: Sends a DATA frame",
      steps: [
        .send([.headers(get)]), .expect(.streamEnd), .send([.data("test", .endStream)]),
        .expect(.streamError(.streamClosed)),
      ]),
    .init(
      "http2/5.1 closed: Sends a HEADERS frame",
      steps: [
        .send([.headers(get)]), .expect(.streamEnd), .send([.headers(get)]),
        .expect(.connectionError(.streamClosed)),
      ]),
    .init(
      "http2/5.1 closed: Sends a CONTINUATION frame",
      steps: [
        .send([.headers(get)]), .expect(.streamEnd),
        .send([.continuation(dummy(1), .endHeaders)]),
        .expect(.connectionError(.streamClosed, .protocolError)),
      ]),
  ]
}
