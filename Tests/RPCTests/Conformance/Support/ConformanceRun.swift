internal import RawHTTP2
internal import TLS
internal import Testing

/// One case against one server, on a connection of its own.
struct ConformanceRun {
  private let peer: RawPeer
  private var events: AsyncStream<RawPeer.Event>.Iterator
  private var seen: [String] = []

  /// Far beyond what a passing case takes: h2spec itself waits 2 s.
  private static let limit = Duration.seconds(30)

  init(_ fixture: ServerFixture) async throws {
    // h2spec has no client certificate.
    peer = try await RawPeer.connect(
      port: fixture.port, tls: ServerPKI.shared.get().anonymousClient,
      expecting: .uri(ServerPKI.serverURI), within: Self.limit)
    events = peer.events.makeAsyncIterator()
  }

  mutating func perform(_ test: ConformanceCase) async throws {
    if test.handshakes { try await handshake() }
    for step in test.steps {
      switch step {
      // The server may have ended the connection already: what it said is looked at all the same.
      case .send(let frames): try? await peer.send(frames)
      case .sendBytes(let bytes): try? await peer.send(bytes)
      case .expect(let outcome):
        let met = await meets(outcome)
        #expect(met, "expected \(outcome), got \(seen)")
      }
    }
    await peer.close()
  }

  private mutating func handshake() async throws {
    try await peer.send(RawFrame.preface + RawFrame.settings((.initialWindowSize, 65535)).bytes)
    var missing: Set<Bool> = [true, false]
    while !missing.isEmpty, let event = await events.next() {
      guard case .frame(let frame) = event, frame.kind == .settings else { continue }
      let isAcknowledgement = frame.flags.contains(.acknowledgement)
      missing.remove(isAcknowledgement)
      if !isAcknowledgement { try await peer.send([.settingsAcknowledgement]) }
    }
    try #require(missing.isEmpty, "the server did not greet")
  }

  private mutating func meets(_ outcome: Outcome) async -> Bool {
    while let event = await events.next() {
      seen.append(Self.describe(event))
      switch outcome.judge(event) {
      case .passed: return true
      case .failed: return false
      case .goOn: break
      }
    }
    return false
  }

  private static func describe(_ event: RawPeer.Event) -> String {
    guard case .frame(let frame) = event else { return "\(event)" }
    let code = frame.errorCode.map { ", code \($0.rawValue)" } ?? ""
    return "frame \(frame.kind.rawValue), flags \(frame.flags.rawValue), stream \(frame.stream), "
      + "\(frame.payload.count) bytes\(code)"
  }
}
