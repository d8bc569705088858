internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import TLS
internal import Testing

@testable internal import RPC

@Suite struct LimitTests {
  @Test("a caller that does not read suspends the handler, with little queued for it")
  func backPressure() async throws {
    let limits = ServerLimits()
    let sent = Mutex(0)
    let message = Text(typeURL: "", value: [UInt8](repeating: 1, count: 1000))
    let length = try message.framed().count
    let total = 2000
    let fixture = try await ServerFixture { router in
      router.serverStreaming(TestService.count) { _, responses, _ in
        for _ in 0..<total {
          try await responses.send(message)
          sent.withLock { $0 += 1 }
        }
      }
    }
    let client = try await fixture.connect()
    let call = try await client.start(TestService.count.path, end: false)
    try await call.setConsuming(false)
    try await call.send(framed(""), end: true)
    // The handler has nothing left to do but to wait when all of the window has arrived.
    let window = Int(HTTP2Settings.client.streamWindow)
    while call.bodyCount < window { await Task.yield() }
    let bound = window + limits.queuedResponseBytes + 2 * length
    #expect(sent.withLock { $0 } * length <= bound)
    try await call.setConsuming(true)
    let outcome = try await call.outcome()
    #expect(outcome.status == .ok)
    #expect(outcome.body.count == total * length)
    try await fixture.end()
  }

  @Test("a handler that does not read holds its caller back")
  func requestBackPressure() async throws {
    let release = Gate()
    let counted = Mutex(0)
    let fixture = try await ServerFixture { router in
      router.clientStreaming(TestService.gather) { requests, _ in
        await release.wait()
        for try await _ in requests { counted.withLock { $0 += 1 } }
        return Text(text: "done")
      }
    }
    let client = try await fixture.connect()
    let message = try Text(typeURL: "", value: [UInt8](repeating: 1, count: 50_000)).framed()
    let call = try await client.start(TestService.gather.path, end: false)
    for _ in 0..<10 { try await call.send(message) }
    try await call.send([], end: true)
    // Another call on the connection is not held back.
    let other = try await client.call("/none/None", body: [])
    #expect(other.status == .unimplemented)
    let window = Int(HTTP2Settings.server.streamWindow)
    #expect(try await call.queuedCount() >= 10 * message.count - 2 * window)
    release.open()
    #expect(try await call.outcome().status == .ok)
    #expect(counted.withLock { $0 } == 10)
    try await fixture.end()
  }

  @Test("a handler whose stream was reset still counts as running")
  func runningHandlers() async throws {
    var limits = ServerLimits()
    limits.runningHandlers = 3
    let begun = Gate()
    let release = Occasion()
    let fixture = try await ServerFixture(limits: limits) { router in
      router.unary(TestService.echo) { request, _ in
        begun.open()
        try await release.wait()
        return request
      }
    }
    let client = try await fixture.connect()
    for _ in 0..<3 {
      let call = try await client.start(TestService.echo.path, body: framed(""))
      await begun.wait()
      try await call.cancel()
    }
    let refused = try await client.call(TestService.echo.path, body: framed(""))
    #expect(refused.reset == .refusedStream)
    #expect(refused.headers.isEmpty)
    release.come()
    // The places come back when the handlers have ended, on the connection's loop.
    while try await client.call(TestService.echo.path, body: framed("")).status != .ok {}
    try await fixture.end()
  }

  @Test("more streams than allowed are refused, the others go on")
  func concurrentStreams() async throws {
    var limits = ServerLimits()
    limits.concurrentStreams = 2
    let begun = Gate()
    let release = Occasion()
    let fixture = try await ServerFixture(limits: limits) { router in
      router.unary(TestService.echo) { request, _ in
        begun.open()
        try await release.wait()
        return request
      }
    }
    let client = try await fixture.connect()
    #expect(client.connection.session.peerMaxConcurrentStreams == 2)
    let first = try await client.start(TestService.echo.path, body: framed("1"))
    let second = try await client.start(TestService.echo.path, body: framed("2"))
    await begun.wait()
    await begun.wait()
    release.come()
    #expect(try await first.outcome().status == .ok)
    #expect(try await second.outcome().status == .ok)
    try await fixture.end()
  }

  @Test("one identity has so many connections, the anonymous are not counted for it")
  func connectionsPerIdentity() async throws {
    var limits = ServerLimits()
    limits.connectionsPerIdentity = 2
    let fixture = try await ServerFixture(limits: limits) { router in
      router.unary(TestService.echo) { _, context in
        Text(text: context.peer?.spiffeID ?? "nobody")
      }
    }
    let first = try await fixture.connect()
    let second = try await fixture.connect()
    await #expect(throws: (any Error).self) { _ = try await fixture.connect() }
    let anonymous = try await fixture.connect(anonymous: true)
    for (client, name) in [(second, ServerPKI.clientURI), (anonymous, "nobody")] {
      let outcome = try await client.call(TestService.echo.path, body: framed(""))
      #expect(try outcome.messages().map(\.typeURL) == [name])
    }
    await first.close()
    while (try? await fixture.connect()) == nil {}
    try await fixture.end()
  }

  @Test("a message up to the limit passes, one byte more does not")
  func messageLimit() async throws {
    var limits = ServerLimits()
    limits.requestBytes = 200_000
    let fixture = try await ServerFixture(limits: limits) { router in
      router.unary(TestService.echo) { _, _ in Text(text: "read") }
    }
    let client = try await fixture.connect()
    let sample = try Text(typeURL: "", value: [UInt8](repeating: 0, count: 199_000)).serialized()
    let overhead = sample.count - 199_000
    for (extra, status) in [(0, StatusCode.ok), (1, .resourceExhausted)] {
      let value = [UInt8](repeating: 0, count: 200_000 - overhead + extra)
      let outcome = try await client.call(
        TestService.echo.path, body: Text(typeURL: "", value: value).framed())
      #expect(outcome.status == status)
    }
    try await fixture.end()
  }

  @Test("no listener takes more than the hard limit")
  func hardLimit() {
    var limits = ServerLimits()
    limits.requestBytes = 1 << 30
    #expect(limits.requestBytes == ServerLimits.hardMessageBytes)
  }

  @Test("a budget refills with time")
  func budget() {
    var budget = EventBudget(EventRate(count: 10, per: .seconds(30)))
    let start = LoopTime.now
    let spent = (0..<12).map { _ in budget.spend(at: start) }
    #expect(spent == Array(repeating: true, count: 10) + [false, false])
    let later = [2, 6].map { budget.spend(at: start + .seconds($0)) }
    #expect(later == [false, true])
  }
}
