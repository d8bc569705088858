internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// Which of the requests that arrived were compressed, in order.
private final class Flags: Sendable {
  private let flags = Mutex<[Bool]>([])

  func add(_ flag: Bool) { flags.withLock { $0.append(flag) } }

  func take() -> [Bool] {
    flags.withLock { flags in
      defer { flags = [] }
      return flags
    }
  }
}

@Suite(.timeLimit(.minutes(2))) struct ClientCompressionTests {
  /// Answers with the request, compressed, over every kind of method.
  private static func echo(_ router: inout Router, _ seen: Flags) {
    router.unary(EchoService.echo) { request, context in
      seen.add(context.requestIsCompressed)
      context.response.compress(.gzip)
      return request
    }
    router.serverStreaming(EchoService.watch) { request, responses, context in
      seen.add(context.requestIsCompressed)
      context.response.compress(.gzip)
      try await responses.send(request)
    }
    router.clientStreaming(EchoService.gather) { requests, context in
      context.response.compress(.gzip)
      var iterator = requests.makeAsyncIterator()
      var last = Note()
      while let request = try await iterator.next() {
        seen.add(iterator.isCompressed)
        last = request
      }
      return last
    }
    router.bidirectional(EchoService.chat) { requests, responses, context in
      context.response.compress(.gzip)
      var iterator = requests.makeAsyncIterator()
      while let request = try await iterator.next() {
        seen.add(iterator.isCompressed)
        try await responses.send(request)
      }
    }
  }

  @Test(
    "both directions are compressed in every kind of call, if the caller wants it so",
    arguments: [true, false], [true, false])
  func everyKind(compresses: Bool, accepts: Bool) async throws {
    let seen = Flags()
    var options = RPCClientOptions.impatient
    options.acceptsCompressed = accepts
    let pair = try await Pair(options: options) { Self.echo(&$0, seen) }
    let note = Note(bytes: 20_000)
    let call = CallOptions(compression: compresses ? .gzip : nil)

    let unary = try await pair.client.unaryResponse(EchoService.echo, note, options: call)
    #expect(unary.message == note)
    #expect(unary.isCompressed == accepts)

    var watched = pair.client.serverStreaming(EchoService.watch, note, options: call)
      .makeAsyncIterator()
    #expect(try await watched.next() == note)
    #expect(watched.isCompressed == accepts)
    #expect(try await watched.next() == nil)

    let gathered = try await pair.client.clientStreaming(EchoService.gather, options: call) {
      try await $0.send(note)
    }
    #expect(gathered == note)

    let chat = pair.client.bidirectional(EchoService.chat, options: call)
    try await chat.requests.send(note)
    chat.requests.finish()
    var answers = chat.responses.makeAsyncIterator()
    #expect(try await answers.next() == note)
    #expect(answers.isCompressed == accepts)
    #expect(try await answers.next() == nil)

    #expect(seen.take() == [Bool](repeating: compresses, count: 4))
    try await pair.end()
  }

  @Test("each request of a stream is compressed or not, as its sender says")
  func messages() async throws {
    let seen = Flags()
    var options = RPCClientOptions.impatient
    options.compression = .gzip
    let pair = try await Pair(options: options) { Self.echo(&$0, seen) }
    let call = pair.client.clientStreaming(EchoService.gather)
    for wish in [nil, true, false] as [Bool?] {
      for size in [10, 5000] { try await call.requests.send(Note(bytes: size), compressed: wish) }
    }
    call.requests.finish()
    _ = try await call.response
    #expect(seen.take() == [false, true, true, true, false, false])

    // A call may do without what is the client's habit.
    _ = try await pair.client.unary(
      EchoService.echo, Note(bytes: 5000), options: CallOptions(compression: .identity))
    #expect(seen.take() == [false])
    try await pair.end()
  }

  @Test("the header list says what the client compresses with and what it reads")
  func fields() async throws {
    let fields = Mutex<[[String: String]]>([])
    let fixture = try await Fixture { stream in
      fields.withLock { $0.append(stream.fields) }
      stream.echo()
    }
    _ = try await fixture.client.unary(EchoService.echo, Note("a"))
    _ = try await fixture.client.unary(
      EchoService.echo, Note("a"), options: CallOptions(compression: .gzip))
    try await fixture.end()
    let seen = fields.withLock { $0 }
    #expect(seen.map { $0["grpc-encoding"] } == [nil, "gzip"])
    #expect(seen.map { $0["grpc-accept-encoding"] } == ["identity,gzip", "identity,gzip"])
  }

  struct Odd: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let encoding: String?
    let frame: Frame
    let code: StatusCode
    let words: String

    static let all: [Odd] = [
      Odd(
        testDescription: "no encoding", encoding: nil,
        frame: Frame(isCompressed: true, bytes: gzip([])), code: .internal,
        words: "compressed with an unnamed method"),
      Odd(
        testDescription: "identity", encoding: "identity",
        frame: Frame(isCompressed: true, bytes: gzip([])), code: .internal,
        words: "compressed with identity"),
      Odd(
        testDescription: "an unknown encoding", encoding: "snappy",
        frame: Frame(isCompressed: true, bytes: []), code: .internal,
        words: "compressed with snappy"),
      Odd(
        testDescription: "garbage", encoding: "gzip",
        frame: Frame(isCompressed: true, bytes: [1]), code: .internal, words: "gzip member"),
      Odd(
        testDescription: "a bomb", encoding: "gzip",
        frame: Frame(isCompressed: true, bytes: Bomb(blocks: 60).bytes),
        code: .resourceExhausted, words: "when decompressed"),
    ]
  }

  @Test("an answer whose compression is wrong fails the call", arguments: Odd.all)
  func oddAnswers(odd: Odd) async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders(odd.encoding.map { [("grpc-encoding", $0)] } ?? [])
      stream.write(odd.frame.wire)
      stream.sendStatus(0)
    }
    let errors = [
      try await failure { () throws(RPCError) in
        try await fixture.client.unary(EchoService.echo, Note("a"))
      },
      try await failure { () throws(RPCError) in
        for try await _ in fixture.client.serverStreaming(EchoService.watch, Note("a")) {}
      },
    ]
    for error in errors {
      #expect(error.code == odd.code)
      #expect(error.message.contains(odd.words), "\(error)")
    }
    try await fixture.end()
  }
}
