internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite struct LifetimeTests {
  /// Suspends until its task is cancelled, and tells.
  private static func linger(_ begun: Gate, _ cancelled: Gate) async throws {
    begun.open()
    do {
      try await Task.sleep(for: .seconds(600))
    } catch {
      cancelled.open()
      throw error
    }
  }

  private func fixture(
    _ begun: Gate, _ cancelled: Gate, limits: ServerLimits = .standard
  ) async throws -> ServerFixture {
    try await ServerFixture(limits: limits) { router in
      router.unary(TestService.echo) { request, context in
        try await Self.linger(begun, cancelled)
        return request
      }
      router.serverStreaming(TestService.count) { _, responses, _ in
        try await responses.send(Text(text: "first"))
        try await Self.linger(begun, cancelled)
      }
    }
  }

  @Test("the caller's deadline ends the call and cancels the handler")
  func deadline() async throws {
    let (begun, cancelled) = (Gate(), Gate())
    let fixture = try await fixture(begun, cancelled)
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.echo.path, fields: [("grpc-timeout", "50m")], body: framed(""))
    #expect(outcome.status == .deadlineExceeded)
    await cancelled.wait()
    try await fixture.end()
  }

  @Test("a caller that names no deadline gets one, a long one is cut, a stream has none")
  func deadlines() async throws {
    var limits = ServerLimits()
    limits.defaultDeadline = .seconds(7)
    limits.maximumDeadline = .seconds(9)
    let fixture = try await ServerFixture(limits: limits) { router in
      let remaining: @Sendable (ServerContext) -> Text = { context in
        let left = context.deadline.map { $0 - .now } ?? .zero
        return Text(text: "\(Int((left / .seconds(1)).rounded(.up)))")
      }
      router.unary(TestService.echo) { _, context in remaining(context) }
      router.serverStreaming(TestService.count) { _, responses, context in
        try await responses.send(remaining(context))
      }
    }
    let client = try await fixture.connect()
    for (path, timeout, expected) in [
      (TestService.echo.path, nil, "7"), (TestService.echo.path, "8S", "8"),
      (TestService.echo.path, "1H", "9"), (TestService.count.path, nil, "0"),
      (TestService.count.path, "1H", "3600"),
    ] {
      let fields = timeout.map { [("grpc-timeout", $0)] } ?? []
      let outcome = try await client.call(path, fields: fields, body: framed(""))
      #expect(try outcome.messages().map(\.typeURL) == [expected])
    }
    try await fixture.end()
  }

  @Test("a request that does not arrive in time is given up")
  func slowRequest() async throws {
    var limits = ServerLimits()
    limits.requestTimeout = .milliseconds(50)
    let fixture = try await fixture(Gate(), Gate(), limits: limits)
    for path in [TestService.echo.path, TestService.count.path] {
      // The server has no more of a connection on which that happened.
      let client = try await fixture.connect()
      let outcome = try await client.start(path, body: [0, 0], end: false).outcome()
      #expect(outcome.status == .deadlineExceeded)
    }
    try await fixture.end()
  }

  @Test(
    "a reset cancels the handler", arguments: [TestService.echo.path, TestService.count.path])
  func reset(_ path: String) async throws {
    let (begun, cancelled) = (Gate(), Gate())
    let fixture = try await fixture(begun, cancelled)
    let client = try await fixture.connect()
    let call = try await client.start(path, body: framed(""))
    await begun.wait()
    try await call.cancel()
    await cancelled.wait()
    try await fixture.end()
  }

  @Test("the end of the connection cancels the handler")
  func disconnect() async throws {
    let (begun, cancelled) = (Gate(), Gate())
    let fixture = try await fixture(begun, cancelled)
    let client = try await fixture.connect()
    _ = try await client.start(TestService.echo.path, body: framed(""))
    await begun.wait()
    await client.close()
    await cancelled.wait()
    try await fixture.end()
  }

  @Test("a drain lets unary calls finish and refuses new connections and calls")
  func drain() async throws {
    let (begun, release) = (Gate(), Gate())
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { request, _ in
        begun.open()
        await release.wait()
        return request
      }
    }
    let client = try await fixture.connect()
    let call = try await client.start(TestService.echo.path, body: framed("kept"))
    await begun.wait()
    fixture.server.shutdown()
    try await client.connection.wentAway.wait()
    await #expect(throws: (any Error).self) {
      _ = try await client.start(TestService.echo.path, body: framed("late"))
    }
    await #expect(throws: (any Error).self) { _ = try await fixture.connect() }
    release.open()
    let outcome = try await call.outcome()
    #expect(outcome.status == .ok)
    #expect(try outcome.messages().map(\.typeURL) == ["kept"])
    try await client.waitUntilClosed()
    try await fixture.end()
  }

  @Test("a drain ends streams that would never end, and their handlers")
  func drainStreams() async throws {
    let (begun, cancelled) = (Gate(), Gate())
    let fixture = try await fixture(begun, cancelled)
    let client = try await fixture.connect()
    let call = try await client.start(TestService.count.path, body: framed(""))
    await begun.wait()
    try await fixture.end()
    await cancelled.wait()
    let outcome = try await call.outcome()
    #expect(outcome.status == .unavailable)
    #expect(try outcome.messages().map(\.typeURL) == ["first"])
  }

  @Test("a drain that takes too long ends what runs")
  func drainTimeout() async throws {
    var limits = ServerLimits()
    limits.drainTimeout = .milliseconds(50)
    let (begun, cancelled) = (Gate(), Gate())
    let fixture = try await fixture(begun, cancelled, limits: limits)
    let client = try await fixture.connect()
    let call = try await client.start(TestService.echo.path, body: framed(""))
    await begun.wait()
    try await fixture.end()
    await cancelled.wait()
    #expect(try await call.outcome().status == .unavailable)
  }

  @Test("a connection that has reached its age is asked to go, and its calls may finish")
  func age() async throws {
    var limits = ServerLimits()
    limits.connectionAge = .seconds(1)
    let (begun, release) = (Gate(), Gate())
    let fixture = try await ServerFixture(limits: limits) { router in
      router.unary(TestService.echo) { request, _ in
        begun.open()
        await release.wait()
        return request
      }
    }
    // On a busy machine a connection may age before its call begins: then another one.
    var client = try await fixture.connect()
    var call = try? await client.start(TestService.echo.path, body: framed(""))
    while call == nil {
      client = try await fixture.connect()
      call = try? await client.start(TestService.echo.path, body: framed(""))
    }
    await begun.wait()
    try await client.connection.wentAway.wait()
    release.open()
    #expect(try await call?.outcome().status == .ok)
    try await client.waitUntilClosed()
    try await fixture.end()
  }

  @Test("an idle connection is closed")
  func idle() async throws {
    var limits = ServerLimits()
    limits.idleTimeout = .milliseconds(50)
    let fixture = try await ServerFixture(limits: limits) { _ in }
    let client = try await fixture.connect()
    try await client.waitUntilClosed()
    #expect(client.connection.goAways.withLock { $0.map(\.code) }.allSatisfy { $0 == .noError })
    try await fixture.end()
  }
}
