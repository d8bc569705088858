internal import NIOCore
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Connection age", .timeLimit(.minutes(2)))
struct ConnectionAgeTests {
  private static func options(
    age: Duration, grace: Duration = .seconds(3_600)
  ) -> RPCClientOptions {
    var options = RPCClientOptions.impatient
    options.connectionAge = age
    options.connectionAgeGrace = grace
    return options
  }

  @Test("an old connection is replaced while calls go on, and none of them notices")
  func replaced() async throws {
    let fixture = try await Fixture(options: Self.options(age: .milliseconds(50))) { $0.echo() }
    let client = fixture.client
    while fixture.server.connectionCount < 4 {
      #expect(try await client.unary(EchoService.echo, Note("a")) == Note("a"))
    }
    try await fixture.end()
  }

  @Test("a stream on the old connection goes on while new calls take the new one")
  func streamGoesOn() async throws {
    let held = Mutex<ScriptedStream?>(nil)
    let fixture = try await Fixture(options: Self.options(age: .milliseconds(50))) { stream in
      if stream.fields[":path"] == EchoService.watch.path {
        held.withLock { $0 = stream }
        stream.sendHeaders()
        stream.sendMessage([])
      } else {
        stream.sendHeaders([("x-old", "\(stream.connection === held.withLock { $0?.connection })")])
        stream.write(stream.body)
        stream.sendStatus(0)
      }
    }
    var responses = fixture.client.serverStreaming(EchoService.watch, Note()).makeAsyncIterator()
    #expect(try await responses.next() == Note())
    var isOld = true
    while isOld {
      let response = try await fixture.client.unaryResponse(EchoService.echo, Note())
      isOld = response.metadata["x-old"] == "true"
    }
    let stream = try #require(held.withLock { $0 })
    stream.connection.executor.loop.execute { stream.sendStatus(0) }
    #expect(try await responses.next() == nil)
    try await fixture.end()
  }

  @Test("what outlives the grace fails with UNAVAILABLE, and says why")
  func grace() async throws {
    let options = Self.options(age: .milliseconds(20), grace: .milliseconds(20))
    let fixture = try await Fixture(options: options) { $0.sendHeaders() }
    var responses = fixture.client.serverStreaming(EchoService.watch, Note()).makeAsyncIterator()
    let error = try await failure { () throws(RPCError) in try await responses.next() }
    #expect(error.code == .unavailable && error.message.contains("age"), "\(error)")
    try await fixture.end()
  }

  @Test("while no new connection can be made, the old one serves until the grace is over")
  func noReplacement() async throws {
    let options = Self.options(age: .milliseconds(50), grace: .milliseconds(400))
    let fixture = try await Fixture(options: options) { $0.echo() }
    let client = fixture.client
    _ = try await client.unary(EchoService.echo, Note())
    try await fixture.server.stopListening()
    let pool = client.pool
    func hasFailed() async throws -> Bool {
      try await pool.loop.submit { pool.endpoints.contains { $0.replacementsFailed > 0 } }.get()
    }
    while try await !hasFailed() {
      #expect(try await client.unary(EchoService.echo, Note("a")) == Note("a"))
    }
    let error = await untilFailure { () throws(RPCError) in
      try await client.unary(
        EchoService.echo, Note(), options: CallOptions(timeout: .seconds(60)))
    }
    #expect(error.code == .unavailable)
    try await fixture.end()
  }

  @Test("connections of one moment do not grow old at one moment")
  func jitter() async throws {
    var options = RPCClientOptions.impatient
    options.connectionAge = .seconds(1_000)
    options.seed = 7
    let client = try Fixture.client(of: 1, ClientPKI(), options: options)
    let pool = client.pool
    let ages = try await pool.loop.submit { (0..<100).compactMap { _ in pool.connectionAge() } }
      .get()
    #expect(ages.allSatisfy { $0 >= .seconds(900) && $0 <= .seconds(1_100) })
    #expect(Set(ages).count > 90)
    await client.shutdown(grace: .zero)
  }
}
