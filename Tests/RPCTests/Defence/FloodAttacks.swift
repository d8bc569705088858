internal import RawHTTP2

@testable internal import RPC

/// Frames that make work and are no call.
extension Attack {
  private static func flood(_ name: String, _ defence: Defence, _ frame: RawFrame) -> Attack {
    Attack(name, defence, limits: { $0.controlFrames = few }, frames: times(21, frame))
  }

  private static let floods: [Attack] = [
    flood("PING", .pings, .ping()),
    flood("PING that answers nothing", .pings, .ping("", .acknowledgement)),
    flood("SETTINGS", .settings, .settings()),
    flood("PRIORITY", .priorities, .priority(on: 1)),
    flood(
      "PRIORITY with an undefined flag", .priorities,
      RawFrame(.priority, .init(rawValue: 1), on: 1, [0, 0, 0, 0, 16])),
    flood("GOAWAY", .otherFrames, .goAway(.noError)),
    flood("frames of no known type", .otherFrames, RawFrame(.unknown, payload: [1, 2, 3])),
    Attack(
      "empty DATA", .emptyData, limits: { $0.controlFrames = few },
      frames: calls(1) + times(21, .data(""))),
    Attack(
      "DATA that is all padding", .emptyData, limits: { $0.controlFrames = few },
      frames: calls(1) + times(21, RawFrame(.data, .padded, on: 1, [2, 0, 0]))),
    Attack(
      "empty DATA on a stream that is gone", .emptyData, limits: { $0.controlFrames = few },
      frames: calls(1, "/none/None") + times(21, .data(""))),
    // The stream itself earns two.
    Attack(
      "WINDOW_UPDATE", .windowUpdates, limits: { $0.windowUpdates = few },
      frames: calls(1) + times(23, .windowUpdate(1, on: 1))),
    Attack(
      "WINDOW_UPDATE of nothing that is open", .windowUpdates, limits: { $0.windowUpdates = few },
      frames: calls(1) + [.reset(.cancel)] + times(23, .windowUpdate(1, on: 1))),
  ]

  private static let resets: [Attack] = [
    Attack(
      "rapid reset", .resets, limits: { $0.resets = few },
      frames: calls(21).flatMap { [$0, .reset(.cancel, on: $0.stream)] }),
    Attack(
      "rapid reset after the peer's own GOAWAY", .resets, limits: { $0.resets = few },
      frames: calls(1) + [.goAway(.noError)]
        + calls(22).dropFirst().flatMap { [$0, .reset(.cancel, on: $0.stream)] }),
    Attack(
      "streams beyond the limit", .refusedStreams,
      limits: {
        $0.refusals = few
        $0.runningHandlers = 0
      }, frames: calls(21)),
  ]

  // MadeYouReset (CVE-2025-8671): the peer makes the server reset. Where nghttp2 ends the connection
  // at the first such frame there is nothing to flood with.
  private static let madeYouReset: [Attack] = [
    Attack(
      "MadeYouReset: window beyond 2^31-1", .resets, limits: { $0.resets = few },
      frames: calls(21).flatMap { [$0, .windowUpdate(UInt32(Int32.max), on: $0.stream)] }),
    Attack(
      "MadeYouReset: malformed header lists", .resets, limits: { $0.resets = few },
      frames: streams(21).map { .headers(get + field("X-UPPER", "case"), on: $0) }),
    Attack(
      "MadeYouReset: window increment 0", .protocolError, .protocolError,
      frames: calls(1) + [.windowUpdate(0, on: 1)]),
    Attack(
      "MadeYouReset: PRIORITY of four bytes", .protocolError, .frameSizeError,
      frames: calls(1) + [RawFrame(.priority, on: 1, [0, 0, 0, 0])]),
    Attack(
      "MadeYouReset: PRIORITY on itself", .protocolError, .protocolError,
      frames: calls(1) + [.priority(on: 1, dependingOn: 1)]),
    Attack(
      "MadeYouReset: HEADERS on a half-closed stream", .protocolError, .streamClosed,
      frames: [.headers(get), .headers(get)]),
    Attack(
      "MadeYouReset: DATA on a half-closed stream", .protocolError, .streamClosed,
      frames: [.headers(get), .data("late")]),
  ]

  static let allFloods = floods + resets + madeYouReset
}
