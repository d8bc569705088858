internal import NIOCore
internal import RawHTTP2
internal import Testing

@testable internal import RPC

@Suite("Header lists without measure") struct HeaderListTests {
  /// A server's session that ends what goes beyond measure.
  private final class Reader: HTTP2SessionDelegate {
    private(set) var session: HTTP2Session!
    /// The newest.
    private(set) var stream = CountingStream()
    var excesses: [HeaderListExcess] = []

    init(size: Int = .max, fields: Int = .max) {
      var settings = HTTP2Settings.server
      settings.endurableListSize = size
      settings.endurableListFields = fields
      session = HTTP2Session(role: .server, settings: settings, delegate: self)
      session.start()
    }

    func receive(_ frames: [RawFrame]) throws {
      try receive(RawFrame.preface + ([.settings()] + frames).flatMap(\.bytes))
    }

    func receive(_ bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes { try session.receive($0) }
    }

    /// The codes of GOAWAY that the session has to say.
    func goAways() throws -> [ErrorCode?] {
      var bytes = ByteBuffer()
      _ = try session.send(into: &bytes, limit: .max)
      return RawFrame.frames(in: bytes.readableBytesView).filter { $0.kind == .goAway }
        .map(\.errorCode)
    }

    func receivedExcess(_ excess: HeaderListExcess) {
      excesses.append(excess)
      session.terminate(.enhanceYourCalm)
    }

    func makeStream(id: Int32) -> HTTP2Stream? {
      stream = CountingStream()
      return stream
    }
    func sessionHasOutput() {}
    func receivedFrame(type: UInt8, flags: UInt8, length: Int) {}
    func receivedSettings() {}
    func receivedPingAcknowledgement(_ opaque: UInt64) {}
    func receivedGoAway(_ code: HTTP2ErrorCode, lastStream: Int32) {}
    func sentReset(_ code: HTTP2ErrorCode) {}
    func sentGoAway(_ code: HTTP2ErrorCode) {}
  }

  private final class CountingStream: HTTP2Stream, @unchecked Sendable {
    // Unchecked: one thread only.
    var fields = 0
    override func received(
      name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
    ) { fields += 1 }
  }

  private static let call = HeaderBlock.call("/a/B")
  private static let bomb =
    HeaderBlock.literal("bomb", String(repeating: "b", count: 4000), .incremental)
    + [UInt8](repeating: HeaderBlock.indexed(62)[0], count: 10_000)
  private static let empty = (0..<4000).flatMap { _ in HeaderBlock.literal("e", "") }

  @Test("few bytes that stand for many are decoded no further than the limit, and GOAWAY goes out")
  func bomb() throws {
    let reader = Reader(size: 64 << 10)
    try reader.receive([.headers(Self.call + Self.bomb)])
    #expect(reader.excesses == [.bytes])
    // Six of the call, and sixteen of 4,036 bytes each.
    #expect(reader.stream.fields <= 22)
    #expect(try reader.goAways() == [.enhanceYourCalm])
  }

  @Test("a list of many fields is decoded no further than the limit, and GOAWAY goes out")
  func fields() throws {
    let reader = Reader(fields: 400)
    try reader.receive([.headers(Self.call + Self.empty)])
    #expect(reader.excesses == [.fields])
    #expect(reader.stream.fields == 400)
    #expect(try reader.goAways() == [.enhanceYourCalm])
  }

  @Test("each list is measured anew")
  func manyLists() throws {
    let reader = Reader(fields: 10)
    try reader.receive((0..<5).map { .headers(Self.call, on: UInt32(2 * $0 + 1)) })
    #expect(reader.excesses.isEmpty)
    #expect(try reader.goAways().isEmpty)
  }

  @Test("a call that ends between two reads takes nothing from a list that is half read")
  func halfRead() throws {
    let reader = Reader()
    try reader.receive([.headers(Self.call)])
    let first = reader.stream
    let list = RawFrame.headers(Self.call, on: 3).bytes
    try reader.receive(Array(list.prefix(list.count / 2)))
    reader.session.close(first, .noError)
    try reader.receive(Array(list.dropFirst(list.count / 2)))
    #expect(reader.stream !== first)
    #expect(reader.stream.fields == first.fields && first.fields > 1)
  }
}
