internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import RPC

/// What a handler decides, as its caller sees it, over the wire.
@Suite("Every status, in every kind of call", .timeLimit(.minutes(2)))
struct StatusTests {
  /// A handler's error: the code is named by the request, as the number of messages before it.
  private static func fail(_ request: Note) throws {
    let code = StatusCode(rawValue: UInt8(request.typeURL) ?? 0) ?? .ok
    if code != .ok { throw RPCError(code, "of \(code.name) ☺", trailers: ["x-why": "because"]) }
  }

  private static func failing(_ router: inout Router) {
    router.unary(EchoService.echo) { request, _ in
      try fail(request)
      return request
    }
    router.serverStreaming(EchoService.watch) { request, responses, _ in
      for _ in request.value { try await responses.send(Note("before")) }
      try fail(request)
    }
    router.clientStreaming(EchoService.gather) { requests, _ in
      for try await request in requests { try fail(request) }
      return Note("gathered")
    }
    router.bidirectional(EchoService.chat) { requests, responses, _ in
      for try await request in requests {
        for _ in request.value { try await responses.send(Note("before")) }
        try fail(request)
      }
    }
  }

  @Test("each code arrives with its message and trailers, alone or behind messages")
  func everyCode() async throws {
    let pair = try await Pair { Self.failing(&$0) }
    let client = pair.client
    for code in StatusCode.allCases where code != .ok {
      for messages in [0, 2] {
        let note = Note(
          typeURL: "\(code.rawValue)", value: [UInt8](repeating: 0, count: messages))
        var errors: [RPCError] = []
        errors.append(
          try await failure { () throws(RPCError) in
            _ = try await client.unary(EchoService.echo, note)
          })
        let watch = client.serverStreaming(EchoService.watch, note)
        errors.append(try await Self.read(watch, messages))
        let gather = client.clientStreaming(EchoService.gather)
        // The answer may be there before the message is on its way: then sending throws it too.
        _ = try? await gather.requests.send(note)
        gather.requests.finish()
        errors.append(
          try await failure { () throws(RPCError) in _ = try await gather.response })
        let chat = client.bidirectional(EchoService.chat)
        _ = try? await chat.requests.send(note)
        errors.append(try await Self.read(chat.responses, messages))
        for error in errors {
          #expect(error.code == code)
          #expect(error.message == "of \(code.name) ☺")
          #expect(error.trailers["x-why"] == "because")
        }
      }
    }
    try await pair.end()
  }

  /// Reads so many messages, and the error behind them.
  private static func read(_ responses: RPCResponses<Note>, _ count: Int) async throws -> RPCError {
    var iterator = responses.makeAsyncIterator()
    for _ in 0..<count { #expect(try await iterator.next() == Note("before")) }
    do throws(RPCError) {
      _ = try await iterator.next()
    } catch {
      return error
    }
    throw RPCError(.ok, "the stream did not fail")
  }

  @Test(
    "messages pass up to the hard limit, and not one byte more",
    arguments: [nil, .gzip] as [Compression?])
  func hardLimit(compression: Compression?) async throws {
    var limits = ServerLimits.standard
    limits.requestBytes = .max
    #expect(limits.requestBytes == ServerLimits.hardMessageBytes)
    let pair = try await Pair(limits: limits) { router in
      router.unary(EchoService.echo) { request, context in
        if let compression { context.response.compress(compression) }
        return request
      }
      router.unary(EchoService.read) { _, context in
        if let compression { context.response.compress(compression) }
        return try Self.note(ofBytes: ServerLimits.hardMessageBytes + 1)
      }
    }
    let options = CallOptions(compression: compression)
    let largest = try Self.note(ofBytes: ServerLimits.hardMessageBytes)
    #expect(try await pair.client.unary(EchoService.echo, largest, options: options) == largest)
    let tooLarge = try await failure { () throws(RPCError) in
      try await pair.client.unary(
        EchoService.echo, try! Self.note(ofBytes: ServerLimits.hardMessageBytes + 1),
        options: options)
    }
    #expect(tooLarge.code == .resourceExhausted)
    let tooLargeAnswer = try await failure { () throws(RPCError) in
      try await pair.client.unary(EchoService.read, Note(), options: options)
    }
    #expect(tooLargeAnswer.code == .resourceExhausted)
    try await pair.end()
  }

  /// A note of exactly so many bytes on the wire.
  private static func note(ofBytes count: Int) throws -> Note {
    let overhead = try Note(bytes: count).serialized().count - count
    return Note(bytes: count - overhead)
  }

  @Test("several values of a -bin field pass, joined by commas or not, padded or not")
  func binaryMetadata() async throws {
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { request, context in
        for field in context.metadata {
          if case .binary(let bytes) = field.value {
            var back = Metadata()
            back.add(bytes, for: "x-back-bin")
            context.response.addTrailers(back)
          }
        }
        return request
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.echo.path,
      fields: [("x-a-bin", "qw,q6s=,q6ur"), ("x-b-bin", "qw=="), ("x-c-bin", "")],
      body: framed("a"))
    #expect(outcome.status == .ok)
    // Sent without padding.
    let back = outcome.trailers.filter { $0.0 == "x-back-bin" }.map(\.1)
    #expect(back == ["qw", "q6s", "q6ur", "qw", ""])
    try await fixture.end()
  }

  @Test(
    "a timeout in every unit reaches the handler",
    arguments: ["1H", "60M", "3600S", "3600000m", "99999999u", "99999999n"])
  func everyUnit(timeout: String) async throws {
    let fixture = try await ServerFixture { router in
      router.serverStreaming(TestService.count) { _, responses, context in
        let left = context.deadline.map { $0 - .now }
        try await responses.send(Text(text: "\(left?.components.seconds ?? -1)"))
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.count.path, fields: [("grpc-timeout", timeout)], body: framed(""))
    let wanted = try #require(CallTimeout.parse(timeout.utf8)).components.seconds
    if wanted == 0 {
      // 0.1 s: the answer may come in time or not.
      #expect(outcome.status == .ok || outcome.status == .deadlineExceeded)
    } else {
      let left = try #require(try outcome.messages().first.flatMap { Int64($0.typeURL) })
      // The machine may be slow; the unit would be off by 60 at least.
      #expect(left <= wanted && left > wanted / 30)
    }
    try await fixture.end()
  }
}
