internal import Testing

@testable internal import RPC

@Suite struct GzipTests {
  /// Bytes that compress about as well as the proportion says.
  private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 0...7, using: &generator) }
  }

  @Test(
    "what was compressed comes back",
    arguments: [0, 1, 2, 255, 256, 1023, 1024, 16_383, 16_384, 16_385, 100_000, 1 << 20], [1, 6, 9])
  func roundTrip(count: Int, level: Int32) throws {
    let message = Self.bytes(count, seed: UInt64(count))
    let frame = Gzip.frame(
      Frame(isCompressed: false, bytes: message).wire, level: level, always: true)
    let frames = Frame.all(in: frame)
    #expect(frames.count == 1)
    #expect(frames[0].isCompressed)
    #expect(frames[0].wire == frame)
    #expect(try Gzip.inflate(frames[0].bytes, limit: count) == message)
    if count >= 1024 { #expect(frame.count < message.count) }
  }

  @Test("a message that does not shrink goes as it is, unless its sender insists")
  func incompressible() {
    var generator = SeededGenerator(seed: 7)
    for count in [0, 1, 20, 5000] {
      let message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let plain = Frame(isCompressed: false, bytes: message).wire
      #expect(Gzip.frame(plain, level: 1, always: false) == plain)
      #expect(Gzip.frame(plain, level: 1, always: true)[0] == 1)
    }
  }

  @Test("short messages are left alone unless their sender insists; long ones unless it forbids it")
  func wishes() {
    func frame(_ count: Int, _ compression: Compression, _ wish: Bool?) -> Bool {
      let plain = Frame(isCompressed: false, bytes: [UInt8](repeating: 1, count: count)).wire
      return Frame.all(in: compression.frame(plain, wish))[0].isCompressed
    }
    #expect(!frame(100, .gzip, nil))
    #expect(frame(100, .gzip, true))
    #expect(frame(5000, .gzip, nil))
    #expect(frame(5000, .gzip(level: 9), nil))
    #expect(!frame(5000, .gzip, false))
    #expect(!frame(5000, .identity, nil))
    #expect(!frame(5000, .identity, true))
  }

  struct Odd: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]

    static let all: [Odd] = {
      let good = gzip(Array("hello, hello, hello".utf8))
      func changed(_ index: Int) -> [UInt8] {
        var bytes = good
        bytes[bytes.index(bytes.startIndex, offsetBy: index < 0 ? bytes.count + index : index)] ^= 1
        return bytes
      }
      return [
        Odd(testDescription: "nothing", bytes: []),
        Odd(testDescription: "text", bytes: Array("hello".utf8)),
        Odd(testDescription: "another magic number", bytes: changed(0)),
        Odd(testDescription: "another method", bytes: changed(2)),
        Odd(testDescription: "a damaged block", bytes: changed(12)),
        Odd(testDescription: "another CRC", bytes: changed(-5)),
        Odd(testDescription: "another length", bytes: changed(-1)),
        Odd(testDescription: "a byte behind the end", bytes: good + [0]),
        Odd(testDescription: "two members", bytes: good + good),
        Odd(
          testDescription: "zlib's format", bytes: [0x78, 0x9c, 0x4b, 0x04, 0x00, 0, 0x62, 0, 0x62]),
        Odd(testDescription: "bare deflate", bytes: [0x4b, 0x04, 0x00]),
      ]
        + (1..<good.count).map {
          Odd(testDescription: "the first \($0) bytes", bytes: Array(good[..<$0]))
        }
    }()
  }

  @Test("whatever is not one whole member is refused", arguments: Odd.all)
  func malformed(odd: Odd) {
    #expect(throws: Gzip.Failure.malformed) { try Gzip.inflate(odd.bytes, limit: 1000) }
  }

  @Test("damaged members are refused or give what they say, never more than the limit")
  func damaged() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    let good = gzip(Self.bytes(3000, seed: 3))
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      if let content = try? Gzip.inflate(bytes, limit: 3000) {
        #expect(content.count <= 3000, "seed \(seed)")
      }
    }
  }

  @Test("a bomb is put down at the limit")
  func bomb() {
    // 4 GiB in 4 MiB: whoever inflates it all has no memory left.
    let bomb = Bomb(blocks: 4096)
    #expect(bomb.bytes.count < 5 << 20)
    #expect(throws: Gzip.Failure.tooLong) { try Gzip.inflate(bomb.bytes, limit: 4 << 20) }
    let exact = gzip([UInt8](repeating: 0, count: 70_000))
    #expect(throws: Gzip.Failure.tooLong) { try Gzip.inflate(exact, limit: 69_999) }
    #expect(throws: Never.self) { try Gzip.inflate(exact, limit: 70_000) }
  }

  @Test("what cannot be compressed may be a little longer compressed than the limit")
  func longest() {
    var generator = SeededGenerator(seed: 11)
    for count in [0, 1, 100, 65_536, 1 << 20] {
      let message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(gzip(message).count <= Gzip.longest(of: count))
    }
  }
}
