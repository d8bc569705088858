internal import RawHTTP2

/// h2spec's http2/6.5: SETTINGS.
extension ConformanceCase {
  static let http2Settings: [ConformanceCase] = [
    .init(
      "http2/6.5 Sends a SETTINGS frame with ACK flag and payload",
      [RawFrame(.settings, .acknowledgement, on: 0, [0])], .connectionError(.frameSizeError)),
    .init(
      "http2/6.5 Sends a SETTINGS frame with a stream identifier other than 0x0",
      [RawFrame(.settings, on: 1, [0, 3, 0, 0, 0, 0x64])], .connectionError(.protocolError)),
    .init(
      "http2/6.5 Sends a SETTINGS frame with a length other than a multiple of 6 octets",
      [RawFrame(.settings, payload: [0, 3, 0])], .streamError(.protocolError, .frameSizeError)),
    .init(
      "http2/6.5.2 SETTINGS_ENABLE_PUSH (0x2): Sends the value other than 0 or 1",
      [.settings((.enablePush, 2))], .connectionError(.protocolError)),
    .init(
      "http2/6.5.2 SETTINGS_INITIAL_WINDOW_SIZE (0x4): Sends the value above the maximum flow "
        + "control window size",
      [.settings((.initialWindowSize, 1 << 31))], .connectionError(.flowControlError)),
    .init(
      "http2/6.5.2 SETTINGS_MAX_FRAME_SIZE (0x5): Sends the value below the initial value",
      [.settings((.maxFrameSize, 1 << 14 - 1))], .connectionError(.protocolError)),
    .init(
      "http2/6.5.2 SETTINGS_MAX_FRAME_SIZE (0x5): Sends the value above the maximum allowed frame "
        + "size",
      [.settings((.maxFrameSize, 1 << 24))], .connectionError(.protocolError)),
    .init(
      "http2/6.5.2 Sends a SETTINGS frame with unknown identifier",
      [.settings((Setting(rawValue: 0xff), 1)), .ping()], .pingAcknowledgement("")),
    .init(
      "http2/6.5.3 Sends multiple values of SETTINGS_INITIAL_WINDOW_SIZE",
      steps: [
        .send([.settings((.initialWindowSize, 100), (.initialWindowSize, 1))]),
        .expect(.settingsAcknowledgement), .send([.headers(get)]), .expect(.data(length: 1)),
      ]),
    .init(
      "http2/6.5.3 Sends a SETTINGS frame without ACK flag",
      [.settings((.enablePush, 0))], .settingsAcknowledgement),
  ]
}
