internal import RawHTTP2
internal import Testing

@testable internal import RPC

@Suite struct FrameInspectorTests {
  private let now = LoopTime.now

  private func inspector(_ change: (inout ServerLimits) -> Void = { _ in }) -> FrameInspector {
    var limits = ServerLimits()
    limits.controlFrames = Attack.few
    limits.windowUpdates = Attack.few
    change(&limits)
    return FrameInspector(limits)
  }

  private func inspect(
    _ inspector: inout FrameInspector, _ bytes: [UInt8], sentFrames: UInt64 = 0,
    open: Set<UInt32> = []
  ) -> FrameInspector.Stop? {
    bytes.withUnsafeBytes {
      inspector.inspect($0, at: now, sentFrames: sentFrames, isOpen: { open.contains($0) })
    }
  }

  @Test("bytes may be split anywhere; the stop is at the frame that is one too many")
  func everySplit() {
    let frames = [RawFrame.settings()] + Array(repeating: .ping(), count: 20)
    let bytes = RawFrame.preface + frames.flatMap(\.bytes)
    let last = bytes.count - RawFrame.ping().bytes.count
    // Nine bytes of the last frame are enough to stop at it.
    for split in 1..<last + 9 {
      var inspector = inspector()
      let first = inspect(&inspector, Array(bytes[..<split]))
      #expect(first == nil)
      let second = inspect(&inspector, Array(bytes[split...]))
      #expect(second == .init(offset: max(0, last - split), reason: .defence(.pings)))
    }
  }

  @Test("a frame that is not whole has begun with its first byte")
  func began() {
    var inspector = inspector()
    _ = inspect(&inspector, RawFrame.preface)
    #expect(inspector.frameBegan == nil)
    _ = inspect(&inspector, [0])
    #expect(inspector.frameBegan == now)
    #expect(inspector.slowness == .slowHeaders)
    _ = inspect(&inspector, [0, 2, 0, 0, 0, 0, 0, 1, 7])
    #expect(inspector.slowness == .slowBody)
    _ = inspect(&inspector, [7])
    #expect(inspector.frameBegan == nil)
  }

  @Test("what a peer is sent earns it window updates and pings")
  func earned() {
    var inspector = inspector()
    let updates = Array(repeating: RawFrame.windowUpdate(1), count: 20).flatMap(\.bytes)
    let pings = Array(repeating: RawFrame.ping(), count: 20).flatMap(\.bytes)
    let update = RawFrame.windowUpdate(1).bytes
    // The budget, then ten updates and one ping for each frame sent.
    let stops = [
      inspect(&inspector, RawFrame.preface + updates + pings),
      inspect(&inspector, updates + updates, sentFrames: 4),
      inspect(&inspector, RawFrame.ping().bytes, sentFrames: 4),
      inspect(&inspector, update, sentFrames: 4),
    ]
    #expect(stops.map { $0?.reason } == [nil, nil, nil, .defence(.windowUpdates)])
  }

  @Test("trailers of a stream that is forgotten here are no violation while it is open")
  func forgotten() {
    let frames = Attack.streams(65).map { RawFrame.headers(get, .endHeaders, on: $0) }
    let expected: [(Set<UInt32>, FrameInspector.Stop.Reason?)] = [
      ([1], nil), ([], .violation(.protocolError)),
    ]
    for (open, reason) in expected {
      var inspector = inspector()
      let headers = inspect(&inspector, RawFrame.preface + frames.flatMap(\.bytes))
      #expect(headers == nil)
      let trailers = RawFrame.headers(field("a", "b"), on: 1).bytes
      let stop = inspect(&inspector, trailers, open: open)
      #expect(stop?.reason == reason)
    }
  }
}
