internal import RawHTTP2

@testable internal import RPC

/// Peers that begin and do not go on, and peers that take nothing.
extension Attack {
  private static let soon = Duration.milliseconds(50)

  private static func slow(
    _ name: String, _ defence: Defence, _ code: ErrorCode? = .enhanceYourCalm, bytes: [UInt8]
  ) -> Attack {
    Attack(name, defence, code, limits: { $0.requestTimeout = soon }) { peer in
      try await peer.greet()
      try await peer.send(bytes)
    }
  }

  private static let call = HeaderBlock.call(unary)

  static let slowWriters: [Attack] = [
    Attack("no preface", .slowPreface, limits: { $0.prefaceTimeout = soon }) { _ in },
    Attack("half a preface", .slowPreface, limits: { $0.prefaceTimeout = soon }) { peer in
      try await peer.send(Array(RawFrame.preface.prefix(10)))
    },
    Attack("a preface without settings", .slowPreface, limits: { $0.prefaceTimeout = soon }) {
      try await $0.send(RawFrame.preface)
    },
    slow("half a frame's header", .slowHeaders, bytes: [0, 0, 20, 1]),
    slow(
      "half a HEADERS frame", .slowHeaders, bytes: Array(RawFrame.headers(call).bytes.dropLast())),
    slow(
      "a header list without its end", .slowHeaders, bytes: RawFrame.headers(call, []).bytes),
    slow(
      "half a DATA frame", .slowBody,
      bytes: RawFrame.headers(call, .endHeaders).bytes
        + RawFrame.message(Array("half".utf8), on: 1).bytes.dropLast()),
    // Its caller may have had bad luck: nothing else of the connection's is ended.
    slow(
      "a request without its end", .slowBody, .noError,
      bytes: RawFrame.headers(call, .endHeaders).bytes),
  ]

  /// Asks for more than anybody's windows and buffers hold.
  private static let flooding: [RawFrame] = [
    .headers(HeaderBlock.call(streaming), .endHeaders), .message([], on: 1),
  ]

  static let slowReaders: [Attack] = [
    Attack(
      "a window of 0", .slowReader, limits: { $0.stallTimeout = soon }
    ) { peer in
      try await peer.greet(.settings((.initialWindowSize, 0)))
      try await peer.send(flooding)
    },
    // GOAWAY is behind what is not read.
    Attack(
      "a socket that is not read", .slowReader, nil, limits: { $0.stallTimeout = soon }
    ) { peer in
      try await peer.greet(.settings((.initialWindowSize, UInt32(Int32.max))))
      try await peer.setReading(false)
      try await peer.send([.windowUpdate(1 << 30)] + flooding)
    },
  ]
}
