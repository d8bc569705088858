internal import RawHTTP2

/// h2spec's generic/1 and generic/2: what every server has to take.
extension ConformanceCase {
  private static let zeroWindow = RawFrame.settings((.initialWindowSize, 0))

  static let genericStreams: [ConformanceCase] = [
    .init(
      "generic/1 Sends a client connection preface", handshakes: false,
      steps: [
        .sendBytes(RawFrame.preface), .send([.settings((.initialWindowSize, 65535))]),
        .expect(.settings),
      ]),
    .init(
      "generic/2 Sends a PRIORITY frame on idle stream",
      [.priority(on: 1), .ping()], .pingAcknowledgement("")),
    .init(
      "generic/2 Sends a WINDOW_UPDATE frame on half-closed (remote) stream",
      [zeroWindow, .headers(get), .windowUpdate(1, on: 1)], .data(length: nil)),
    .init(
      "generic/2 Sends a PRIORITY frame on half-closed (remote) stream",
      [zeroWindow, .headers(get), .priority(on: 1), .windowUpdate(1, on: 1)], .data(length: nil)),
    .init(
      "generic/2 Sends a RST_STREAM frame on half-closed (remote) stream",
      [.headers(get), .reset(.cancel), .ping()], .pingAcknowledgementOrClose("")),
    .init(
      "generic/2 Sends a PRIORITY frame on closed stream",
      steps: [
        .send([.headers(get)]), .expect(.streamEnd), .send([.priority(on: 1), .ping()]),
        .expect(.pingAcknowledgement("")),
      ]),
  ]
}
