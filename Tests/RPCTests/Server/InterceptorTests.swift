internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

private enum NameKey: ContextKey {
  typealias Value = String
}

/// Writes down its way in and out, and hands a name on.
private struct Recording: ServerInterceptor {
  let name: String
  let log: SharedLog

  nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    log.add("\(name) in")
    var context = context
    context[NameKey.self] = (context[NameKey.self] ?? "") + name
    do {
      try await next(context)
      log.add("\(name) out")
    } catch {
      log.add("\(name) error")
      throw error
    }
  }
}

private struct Refusing: ServerInterceptor {
  nonisolated(nonsending) func intercept(
    _ context: ServerContext,
    _ next: nonisolated(nonsending) @Sendable (ServerContext) async throws -> Void
  ) async throws {
    throw RPCError(.unauthenticated, "who are you?")
  }
}

private final class SharedLog: Sendable, RPCMetrics {
  let lines = Mutex<[String]>([])

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  func callStarted(path: String) { add("started \(path)") }
  func callFinished(
    path: String, code: StatusCode, duration: Duration, receivedBytes: Int, sentBytes: Int
  ) {
    add("finished \(path) \(code) \(receivedBytes) \(sentBytes) \(duration > .zero)")
  }
  func connectionOpened() { add("opened") }
  func connectionClosed() { add("closed") }
  func connectionEnded(by defence: Defence) { add("ended by \(defence)") }
}

@Suite struct InterceptorTests {
  @Test("interceptors lie around the handler in their order and hand values on")
  func order() async throws {
    let log = SharedLog()
    let fixture = try await ServerFixture(
      interceptors: [Recording(name: "a", log: log), Recording(name: "b", log: log)]
    ) { router in
      router.unary(TestService.echo) { request, context in
        log.add("handler \(context[NameKey.self] ?? "")")
        if request.typeURL == "fail" { throw RPCError(.aborted, "no") }
        return request
      }
    }
    let client = try await fixture.connect()
    #expect(try await client.call(TestService.echo.path, body: framed("")).status == .ok)
    #expect(
      log.lines.withLock { $0 } == ["a in", "b in", "handler ab", "b out", "a out"])
    #expect(try await client.call(TestService.echo.path, body: framed("fail")).status == .aborted)
    #expect(log.lines.withLock { $0.suffix(2) } == ["b error", "a error"])
    try await fixture.end()
  }

  @Test("a refusal comes before the request is even decoded")
  func refusal() async throws {
    let fixture = try await ServerFixture(interceptors: [Refusing()]) { router in
      router.unary(TestService.echo) { request, _ in request }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(TestService.echo.path, body: [0, 0, 0, 0, 1, 255])
    #expect(outcome.status == .unauthenticated)
    try await fixture.end()
  }

  @Test(
    "a trace goes on, and a malformed or missing one begins anew",
    arguments: [
      ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
      ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
      ("nonsense", false), ("", false),
    ])
  func tracing(_ traceparent: String, continues: Bool) async throws {
    let fixture = try await ServerFixture(interceptors: [TracingInterceptor()]) { router in
      router.unary(TestService.echo) { _, context in
        Text(text: context[TraceContextKey.self]?.traceparent ?? "none")
      }
    }
    let client = try await fixture.connect()
    let fields = traceparent.isEmpty ? [] : [("traceparent", traceparent)]
    let outcome = try await client.call(
      TestService.echo.path, fields: fields, body: framed(""))
    let text = try #require(try outcome.messages().first?.typeURL)
    let trace = try #require(TraceContext(traceparent: text))
    #expect((trace.traceIDText == "0af7651916cd43dd8448eb211c80319c") == continues)
    #expect(text != traceparent)
    try await fixture.end()
  }

  @Test("metrics learn of every call and connection")
  func metrics() async throws {
    let log = SharedLog()
    let fixture = try await ServerFixture(metrics: log) { router in
      router.unary(TestService.echo) { request, _ in request }
    }
    let client = try await fixture.connect()
    _ = try await client.call(TestService.echo.path, body: framed("abc"))
    _ = try await client.call("/made/Up", body: [])
    await client.close()
    try await fixture.end()
    let path = TestService.echo.path
    #expect(
      log.lines.withLock { $0 } == [
        "opened", "started \(path)", "finished \(path) OK 10 10 true",
        "finished unknown UNIMPLEMENTED 0 0 true", "closed",
      ])
  }
}
