internal import RawHTTP2

/// h2spec's http2/6.9: WINDOW_UPDATE and the windows.
extension ConformanceCase {
  private static let largest = UInt32(Int32.max)

  static let http2WindowUpdate: [ConformanceCase] = [
    .init(
      "http2/6.9 Sends a WINDOW_UPDATE frame with a flow control window increment of 0",
      [.windowUpdate(0)], .connectionError(.protocolError)),
    .init(
      "http2/6.9 Sends a WINDOW_UPDATE frame with a flow control window increment of 0 on a "
        + "stream",
      [.headers(get, .endHeaders), .windowUpdate(0, on: 1)], .streamError(.protocolError)),
    .init(
      "http2/6.9 Sends a WINDOW_UPDATE frame with a length other than 4 octets",
      [RawFrame(.windowUpdate, payload: [0, 0, 1])], .connectionError(.frameSizeError)),
  ]

  static let http2FlowControl: [ConformanceCase] = [
    .init(
      "http2/6.9.1 Sends SETTINGS frame to set the initial window size to 1 and sends HEADERS "
        + "frame",
      steps: [
        .send([.settings((.initialWindowSize, 1))]), .expect(.settingsAcknowledgement),
        .send([.headers(get)]), .expect(.data(length: 1)),
      ]),
    .init(
      "http2/6.9.1 Sends multiple WINDOW_UPDATE frames increasing the flow control window to "
        + "above 2^31-1",
      [.windowUpdate(largest), .windowUpdate(largest)], .goAway(.flowControlError)),
    .init(
      "http2/6.9.1 Sends multiple WINDOW_UPDATE frames increasing the flow control window to "
        + "above 2^31-1 on a stream",
      [
        .headers(get, .endHeaders), .windowUpdate(largest, on: 1), .windowUpdate(largest, on: 1),
      ], .reset(.flowControlError, on: 1)),
    .init(
      "http2/6.9.2 Changes SETTINGS_INITIAL_WINDOW_SIZE after sending HEADERS frame",
      steps: [
        .send([.settings((.initialWindowSize, 0))]), .expect(.settingsAcknowledgement),
        .send([.headers(get), .settings((.initialWindowSize, 1))]), .expect(.data(length: 1)),
      ]),
    .init(
      "http2/6.9.2 Sends a SETTINGS frame for window size to be negative",
      steps: [
        .send([.settings((.initialWindowSize, 3))]), .expect(.settingsAcknowledgement),
        .send([.headers(get)]), .expect(.data(length: nil)),
        .send([.settings((.initialWindowSize, 2))]), .expect(.settingsAcknowledgement),
        .send([.windowUpdate(2, on: 1)]), .expect(.data(length: 1)),
      ]),
    .init(
      "http2/6.9.2 Sends a SETTINGS_INITIAL_WINDOW_SIZE settings with an exceeded maximum window "
        + "size value",
      [.settings((.initialWindowSize, 1 << 31))], .connectionError(.flowControlError)),
  ]
}
