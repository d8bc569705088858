internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// gRFC A6.
@Suite("The retry policy", .timeLimit(.minutes(2)))
struct RetryPolicyTests {
  /// Fails the first `count` attempts before an answer begins, then echoes.
  private static func failing(
    _ count: Int, with code: StatusCode = .unavailable, _ more: [(String, String)] = []
  ) -> ScriptedServer.Script {
    { stream in
      if stream.number <= count {
        stream.sendHeaders([("grpc-status", "\(code.rawValue)")] + more, endStream: true)
      } else {
        let before = stream.fields["grpc-previous-rpc-attempts"] ?? "none"
        stream.sendHeaders([("x-before", before)])
        stream.write(stream.body)
        stream.sendStatus(0)
      }
    }
  }

  @Test("an attempt says how many came before it", arguments: [0, 1, 3])
  func previousAttempts(count: Int) async throws {
    let fixture = try await Fixture(script: Self.failing(count))
    let response = try await fixture.client.unaryResponse(EchoService.read, Note("a"))
    #expect(response.metadata["x-before"] == (count == 0 ? "none" : "\(count)"))
    #expect(fixture.server.requestCount == count + 1)
    try await fixture.end()
  }

  @Test("only the codes of the policy are repeated", arguments: StatusCode.allCases.dropFirst())
  func codes(code: StatusCode) async throws {
    var options = RPCClientOptions.impatient
    options.retry.codes = [.unavailable, .resourceExhausted]
    let fixture = try await Fixture(options: options, script: Self.failing(1, with: code))
    let isRepeated = options.retry.codes.contains(code)
    do throws(RPCError) {
      #expect(try await fixture.client.unary(EchoService.read, Note("a")) == Note("a"))
      #expect(isRepeated)
    } catch {
      #expect(error.code == code && !isRepeated)
    }
    #expect(fixture.server.requestCount == (isRepeated ? 2 : 1))
    try await fixture.end()
  }

  @Test("a caller who vouches for a call has it repeated, although its method does not say so")
  func perCall() async throws {
    let fixture = try await Fixture(script: Self.failing(2, with: .aborted))
    let retry = RPCClientOptions.RetryOptions(
      maximumAttempts: 3, backoff: Backoff(initial: .milliseconds(1)), codes: [.aborted])
    let options = CallOptions(retry: retry)
    #expect(
      try await fixture.client.unary(EchoService.echo, Note("a"), options: options) == Note("a"))
    try await fixture.end()
  }

  @Test("a stream of requests is repeated with all it has sent, if its method is idempotent")
  func clientStreaming() async throws {
    let fixture = try await Fixture(script: Self.failing(2))
    let call = fixture.client.clientStreaming(EchoService.collect)
    try await call.requests.send(Note("a"))
    call.requests.finish()
    #expect(try await call.response == Note("a"))
    #expect(try await call.metadata["x-before"] == "2")
    try await fixture.end()
  }

  @Test("a delay that the server names takes the place of our own")
  func pushback() async throws {
    var options = RPCClientOptions.impatient
    options.retry.backoff = Backoff(initial: .seconds(3_600))
    let fixture = try await Fixture(
      options: options, script: Self.failing(3, [("grpc-retry-pushback-ms", "20")]))
    let begin = ContinuousClock.now
    #expect(try await fixture.client.unary(EchoService.read, Note("a")) == Note("a"))
    #expect(ContinuousClock.now - begin >= .milliseconds(3 * 20))
    try await fixture.end()
  }

  @Test(
    "a server that wants no further attempt gets none",
    arguments: ["-1", "soon", "", "99999999999"]
  )
  func pushbackNever(value: String) async throws {
    let fixture = try await Fixture(
      script: Self.failing(1, [("grpc-retry-pushback-ms", value)]))
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.read, Note())
    }
    #expect(error.code == .unavailable)
    #expect(fixture.server.requestCount == 1)
    try await fixture.end()
  }

  @Test("many failures end the repeating; successes bring it back")
  func throttling() async throws {
    var options = RPCClientOptions.impatient
    options.retryThrottling = .init(maximumTokens: 4, tokenRatio: 0.5)
    let fixture = try await Fixture(options: options) { stream in
      if stream.fields[":path"] == EchoService.read.path {
        stream.sendHeaders([("grpc-status", "14")], endStream: true)
      } else {
        stream.echo()
      }
    }
    func attempts() async throws -> Int {
      let before = fixture.server.requestCount
      _ = try await failure { () throws(RPCError) in
        try await fixture.client.unary(EchoService.read, Note())
      }
      return fixture.server.requestCount - before
    }
    #expect(try await attempts() == 2)
    #expect(try await attempts() == 1)
    for _ in 0..<5 { _ = try await fixture.client.unary(EchoService.echo, Note()) }
    #expect(try await attempts() == 2)
    try await fixture.end()
  }

  @Test("refused calls are no failures of the server's handlers and use up no tokens")
  func throttlingRefused() async throws {
    var options = RPCClientOptions.impatient
    options.retryThrottling = .init(maximumTokens: 2, tokenRatio: 0.1)
    let fixture = try await Fixture(options: options) { stream in
      if stream.number % 2 == 1 { stream.reset(.refusedStream) } else { stream.echo() }
    }
    for number in 0..<10 {
      let note = Note("\(number)")
      #expect(try await fixture.client.unary(EchoService.echo, note) == note)
    }
    try await fixture.end()
  }

  @Test("a call that waits for its next attempt ends with its task")
  func cancelledBetween() async throws {
    var options = RPCClientOptions.impatient
    options.defaultTimeout = .seconds(7_200)
    options.retry.backoff = Backoff(initial: .seconds(3_600))
    let failed = Signal()
    let fixture = try await Fixture(options: options) { stream in
      stream.sendHeaders([("grpc-status", "14")], endStream: true)
      failed.send()
    }
    let client = fixture.client
    let call = Task { try await client.unary(EchoService.read, Note()) }
    await failed.wait()
    call.cancel()
    let error = await #expect(throws: RPCError.self) { try await call.value }
    #expect(error?.code == .cancelled)
    #expect(fixture.server.requestCount == 1)
    try await fixture.end()
  }

  @Test("the bucket holds between nothing and its size")
  func bucket() {
    var throttle = RetryThrottle(.init(maximumTokens: 10, tokenRatio: 0.1))
    throttle.succeeded()
    #expect(throttle.tokens == 10 && throttle.allowsRetry)
    for _ in 0..<5 { throttle.failed() }
    #expect(throttle.tokens == 5 && !throttle.allowsRetry)
    for _ in 0..<9 { throttle.failed() }
    #expect(throttle.tokens == 0)
    for _ in 0..<51 { throttle.succeeded() }
    #expect(throttle.allowsRetry)
    var none = RetryThrottle(nil)
    for _ in 0..<1_000 { none.failed() }
    #expect(none.allowsRetry)
  }
}
