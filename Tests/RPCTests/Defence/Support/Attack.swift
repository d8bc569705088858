internal import ProtobufC
internal import RawHTTP2
internal import Testing

@testable internal import RPC

/// Something that a peer does to a server, and the defence that ends it.
struct Attack: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let defence: Defence
  /// The code of the GOAWAY; nil where none can be sent.
  let code: ErrorCode?
  var limits = ServerLimits.patient
  let perform: @Sendable (RawPeer) async throws -> Void

  init(
    _ name: String, _ defence: Defence, _ code: ErrorCode? = .enhanceYourCalm,
    limits change: (inout ServerLimits) -> Void = { _ in },
    perform: @escaping @Sendable (RawPeer) async throws -> Void
  ) {
    testDescription = name
    self.defence = defence
    self.code = code
    self.perform = perform
    change(&limits)
  }

  /// Frames in one go, after the usual greeting.
  init(
    _ name: String, _ defence: Defence, _ code: ErrorCode? = .enhanceYourCalm,
    limits change: (inout ServerLimits) -> Void = { _ in },
    frames: @autoclosure @escaping @Sendable () -> [RawFrame]
  ) {
    self.init(name, defence, code, limits: change) { peer in
      try await peer.greet()
      try await peer.send(frames())
    }
  }

  /// So many events are allowed, and no more within the test.
  static let few = EventRate(count: 20, per: .seconds(600))

  static let unary = TestService.echo.path
  static let streaming = TestService.count.path

  /// The header lists of calls on streams 1, 3, 5, …
  static func calls(_ count: Int, _ path: String = unary) -> [RawFrame] {
    streams(count).map { .headers(HeaderBlock.call(path), .endHeaders, on: $0) }
  }

  static func times(_ count: Int, _ frame: RawFrame) -> [RawFrame] {
    [RawFrame](repeating: frame, count: count)
  }

  static func streams(_ count: Int) -> [UInt32] { (0..<count).map { UInt32(2 * $0 + 1) } }
}

extension ServerLimits {
  /// For tests of other things than these times: a busy machine may keep an honest peer from
  /// speaking.
  static var patient: ServerLimits {
    var limits = ServerLimits()
    limits.handshakeTimeout = .seconds(600)
    limits.prefaceTimeout = .seconds(600)
    return limits
  }
}

extension RawPeer {
  /// Preface, settings, and the answer to the server's settings without waiting for them.
  func greet(_ settings: RawFrame = .settings()) async throws {
    try await send(RawFrame.preface + settings.bytes + RawFrame.settingsAcknowledgement.bytes)
  }
}
