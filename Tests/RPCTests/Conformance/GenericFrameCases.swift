internal import RawHTTP2

/// h2spec's generic/3: each kind of frame as it should be.
extension ConformanceCase {
  static let genericFrames: [ConformanceCase] =
    genericBodies + genericPriorities + [
      .init(
        "generic/3.4 Sends a RST_STREAM frame",
        [.headers(get, .endHeaders), .reset(.cancel), .ping()], .pingAcknowledgementOrClose("")),
      .init(
        "generic/3.5 Sends a SETTINGS frame",
        [
          .settings(
            (.headerTableSize, 4096), (.enablePush, 1), (.maxConcurrentStreams, 100),
            (.initialWindowSize, 65535), (.maxFrameSize, 16384), (.maxHeaderListSize, 100))
        ], .settingsAcknowledgement),
      .init(
        "generic/3.7 Sends a PING frame", [.ping("h2spec")], .pingAcknowledgement("h2spec")),
      .init(
        "generic/3.8 Sends a GOAWAY frame",
        [.goAway(.noError, debug: "h2spec"), .ping("h2spec")],
        .pingAcknowledgementOrClose("h2spec")),
      .init(
        "generic/3.9 Sends a WINDOW_UPDATE frame with stream ID 0",
        [.windowUpdate(1), .ping()], .pingAcknowledgement("")),
      .init(
        "generic/3.9 Sends a WINDOW_UPDATE frame with stream ID 1",
        [.headers(get), .windowUpdate(1, on: 1)], .headers(on: 1)),
    ]

  private static let genericBodies: [ConformanceCase] = [
    .init(
      "generic/3.1 Sends a DATA frame",
      [.headers(post, .endHeaders), .data("test", .endStream)], .headers(on: 1)),
    .init(
      "generic/3.1 Sends multiple DATA frames",
      [.headers(post, .endHeaders), .data("test"), .data("test", .endStream)], .headers(on: 1)),
    .init(
      "generic/3.1 Sends a DATA frame with padding",
      [
        .headers(post, .endHeaders),
        RawFrame(
          .data, [.endStream, .padded], on: 1, [5] + Array("test".utf8) + [0, 0, 0, 0, 0]),
      ], .headers(on: 1)),
    .init("generic/3.2 Sends a HEADERS frame", [.headers(get)], .headers(on: 1)),
    .init(
      "generic/3.2 Sends a HEADERS frame with padding",
      [.headers([8] + get + [UInt8](repeating: 0, count: 8), [.whole, .padded])],
      .headers(on: 1)),
    .init(
      "generic/3.2 Sends a HEADERS frame with priority",
      [.headers([0, 0, 0, 0, 255] + get, [.whole, .priority])], .headers(on: 1)),
    .init(
      "generic/3.10 Sends a CONTINUATION frame",
      [
        .headers(Array(get[..<5]), .endStream),
        .continuation(Array(get[5...]), .endHeaders),
      ], .headers(on: 1)),
    .init(
      "generic/3.10 Sends multiple CONTINUATION frames",
      [
        .headers(Array(get[..<5]), .endStream), .continuation(Array(get[5..<10])),
        .continuation(Array(get[10...]), .endHeaders),
      ], .headers(on: 1)),
  ]

  private static let genericPriorities: [ConformanceCase] = [
    .init(
      "generic/3.3 Sends a PRIORITY frame with priority 1",
      [.priority(on: 1, weight: 0), .headers(get)], .headers(on: 1)),
    .init(
      "generic/3.3 Sends a PRIORITY frame with priority 256",
      [.priority(on: 1, weight: 255), .headers(get)], .headers(on: 1)),
    .init(
      "generic/3.3 Sends a PRIORITY frame with stream dependency",
      [.priority(on: 3, dependingOn: 1, weight: 0), .headers(get)], .headers(on: 1)),
    .init(
      "generic/3.3 Sends a PRIORITY frame with exclusive",
      [.priority(on: 1, isExclusive: true, weight: 0), .headers(get)], .headers(on: 1)),
    .init(
      "generic/3.3 Sends a PRIORITY frame for an idle stream, then send a HEADER frame for a "
        + "lower stream ID",
      [.priority(on: 3), .headers(get)], .headers(on: 1)),
  ]
}
