internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// A request that is compressed in some way, and what becomes of it.
struct CompressedRequest: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// `grpc-encoding`.
  var encoding: String?
  var frame: Frame
  var status = StatusCode.ok
  var words = ""

  static let hello = try! Text(text: "hello").serialized()
  static let limit = 64 << 10

  static let all: [CompressedRequest] = [
    Self(
      testDescription: "gzip", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: gzip(hello))),
    Self(
      testDescription: "a plain message of a call that may compress", encoding: "gzip",
      frame: Frame(isCompressed: false, bytes: hello)),
    Self(
      testDescription: "an empty message, compressed", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: gzip([]))),
    Self(
      testDescription: "no encoding", frame: Frame(isCompressed: true, bytes: gzip(hello)),
      status: .internal, words: "names no grpc-encoding"),
    Self(
      testDescription: "identity", encoding: "identity",
      frame: Frame(isCompressed: true, bytes: gzip(hello)),
      status: .internal, words: "names no grpc-encoding"),
    Self(
      testDescription: "an unknown encoding", encoding: "snappy",
      frame: Frame(isCompressed: true, bytes: hello), status: .unimplemented,
      words: "identity,gzip"),
    Self(
      testDescription: "an unknown encoding that is not used", encoding: "snappy",
      frame: Frame(isCompressed: false, bytes: hello)),
    Self(
      testDescription: "a name that only begins like gzip", encoding: "gzip2",
      frame: Frame(isCompressed: true, bytes: gzip(hello)), status: .unimplemented),
    Self(
      testDescription: "garbage", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: [1, 2, 3]),
      status: .internal, words: "gzip member"),
    Self(
      testDescription: "two members", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: gzip(hello) + gzip(hello)), status: .internal,
      words: "gzip member"),
    Self(
      testDescription: "half a member", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: Array(gzip(hello).dropLast(9))), status: .internal,
      words: "gzip member"),
    Self(
      testDescription: "more than the limit", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: gzip([UInt8](repeating: 0, count: limit + 1))),
      status: .resourceExhausted, words: "\(limit) bytes when decompressed"),
    Self(
      testDescription: "a bomb", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: Bomb(blocks: 60).bytes),
      status: .resourceExhausted, words: "when decompressed"),
    Self(
      testDescription: "compressed bytes beyond the limit", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: [UInt8](repeating: 0, count: limit + 1000)),
      status: .resourceExhausted, words: "too long"),
    Self(
      testDescription: "what is no message when decompressed", encoding: "gzip",
      frame: Frame(isCompressed: true, bytes: gzip([0xff, 0xff])), status: .invalidArgument),
  ]
}

@Suite(.timeLimit(.minutes(2))) struct ServerCompressionTests {
  @Test(
    "every compressed request has its answer, in a call and in a stream",
    arguments: CompressedRequest.all)
  func requests(request: CompressedRequest) async throws {
    let seen = Mutex<[Bool]>([])
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { request, context in
        seen.withLock { $0.append(context.requestIsCompressed) }
        return request
      }
      router.clientStreaming(TestService.gather) { requests, _ in
        var iterator = requests.makeAsyncIterator()
        var last = Text()
        while let request = try await iterator.next() {
          seen.withLock { $0.append(iterator.isCompressed) }
          last = request
        }
        return last
      }
    }
    let client = try await fixture.connect()
    for method in [TestService.echo, TestService.gather] {
      let fields = request.encoding.map { [("grpc-encoding", $0)] } ?? []
      let outcome = try await client.call(method.path, fields: fields, body: request.frame.wire)
      #expect(outcome.status == request.status)
      #expect(outcome.message?.contains(request.words) ?? request.words.isEmpty)
      let hasOffer = request.encoding != nil && request.encoding != "identity"
      if request.status == .ok || request.status == .unimplemented {
        #expect(outcome["grpc-accept-encoding"] == (hasOffer ? "identity,gzip" : nil))
      }
      if request.status == .ok {
        #expect(seen.withLock { $0.popLast() } == request.frame.isCompressed)
        #expect(Frame.all(in: outcome.body).map(\.isCompressed) == [false])
      }
      #expect(seen.withLock { $0.isEmpty })
    }
    let next = try await client.call(TestService.echo.path, body: framed("next"))
    #expect(try next.messages() == [Text(text: "next")])
    try await fixture.end()
  }

  struct Answer: Sendable, CustomTestStringConvertible {
    var testDescription: String { "\(accepts ?? "nothing") for \(compression), \(bytes) bytes" }
    var accepts: String?
    var compression: Compression
    var bytes: Int
    var isCompressed: Bool

    static let all: [Answer] = [
      Answer(accepts: "gzip", compression: .gzip, bytes: 5000, isCompressed: true),
      Answer(accepts: "identity,gzip", compression: .gzip, bytes: 5000, isCompressed: true),
      Answer(
        accepts: "identity, deflate, gzip", compression: .gzip, bytes: 5000, isCompressed: true),
      Answer(accepts: "gzip , br", compression: .gzip(level: 9), bytes: 5000, isCompressed: true),
      Answer(
        accepts: "identity, deflate, gzip", compression: .gzip, bytes: 10, isCompressed: false),
      Answer(accepts: "gzip", compression: .identity, bytes: 5000, isCompressed: false),
      Answer(accepts: nil, compression: .gzip, bytes: 5000, isCompressed: false),
      Answer(accepts: "", compression: .gzip, bytes: 5000, isCompressed: false),
      Answer(accepts: ",", compression: .gzip, bytes: 5000, isCompressed: false),
      Answer(accepts: "identity,deflate", compression: .gzip, bytes: 5000, isCompressed: false),
      Answer(accepts: "xgzip,gzip2,x-gzip", compression: .gzip, bytes: 5000, isCompressed: false),
    ]
  }

  @Test(
    "an answer is compressed when its handler wants it and its caller can read it",
    arguments: Answer.all)
  func answers(answer: Answer) async throws {
    let text = Text(typeURL: "", value: [UInt8](repeating: 1, count: answer.bytes))
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { _, context in
        context.response.compress(answer.compression)
        return text
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.echo.path, fields: answer.accepts.map { [("grpc-accept-encoding", $0)] } ?? [],
      body: framed(""))
    #expect(outcome.status == .ok)
    let frames = Frame.all(in: outcome.body)
    try #require(frames.count == 1)
    #expect(frames[0].isCompressed == answer.isCompressed)
    let mayBeCompressed =
      answer.compression != .identity && answer.accepts?.contains(" gzip") == true
    if answer.isCompressed || mayBeCompressed { #expect(outcome["grpc-encoding"] == "gzip") }
    if answer.compression == .identity { #expect(outcome["grpc-encoding"] == nil) }
    let bytes =
      answer.isCompressed
      ? try Gzip.inflate(frames[0].bytes, limit: 1 << 20) : frames[0].bytes
    #expect(try Text(serialized: bytes) == text)
    try await fixture.end()
  }

  @Test("each message of a stream is compressed or not, as its handler says")
  func messages() async throws {
    let sizes = [10, 5000, 10, 5000, 10, 5000]
    let wishes: [Bool?] = [nil, nil, true, true, false, false]
    let fixture = try await ServerFixture { router in
      router.serverStreaming(TestService.count) { _, responses, context in
        context.response.compress(.gzip)
        for (size, wish) in zip(sizes, wishes) {
          try await responses.send(
            Text(typeURL: "", value: [UInt8](repeating: 1, count: size)), compressed: wish)
        }
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.count.path, fields: [("grpc-accept-encoding", "gzip")], body: framed(""))
    #expect(outcome["grpc-encoding"] == "gzip")
    #expect(
      Frame.all(in: outcome.body).map(\.isCompressed) == [false, true, true, true, false, false])
    try await fixture.end()
  }

  @Test("a message of a stream is inflated only when its handler takes it")
  func late() async throws {
    let release = Gate()
    let taken = Mutex(0)
    let fixture = try await ServerFixture { router in
      router.clientStreaming(TestService.gather) { requests, _ in
        await release.wait()
        for try await _ in requests { taken.withLock { $0 += 1 } }
        return Text()
      }
    }
    let client = try await fixture.connect()
    let good = Frame(isCompressed: true, bytes: gzip(try Text(text: "good").serialized())).wire
    // Every one of them may become as long as the limit; all of them fit the window.
    let bad = Frame(isCompressed: true, bytes: [9]).wire
    let call = try await client.start(
      TestService.gather.path, fields: [("grpc-encoding", "gzip")], body: good + good + bad,
      end: false)
    release.open()
    let outcome = try await call.outcome()
    #expect(outcome.status == .internal)
    #expect(taken.withLock { $0 } == 2)
    try await fixture.end()
  }
}
