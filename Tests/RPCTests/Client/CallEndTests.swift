internal import NIOCore
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// A server that begins calls and never answers, and what it saw.
private struct SilentServer {
  let arrived = Signal()
  let streams = Seen()

  final class Seen: Sendable {
    let all = Mutex<[ScriptedStream]>([])
  }

  var script: ScriptedServer.Script {
    { stream in
      streams.all.withLock { $0.append(stream) }
      arrived.send()
    }
  }

  /// The code with which the first call was reset.
  func resetCode() async throws -> UInt32? {
    let stream = try #require(streams.all.withLock { $0.first })
    for await _ in stream.whenClosed {}
    return stream.resetCode.withLock { $0 }
  }
}

@Suite("Deadlines, cancellation, shutdown", .timeLimit(.minutes(2)))
struct CallEndTests {
  @Test("a call without an answer ends at its deadline, and the server is told")
  func deadline() async throws {
    let silent = SilentServer()
    let fixture = try await Fixture(script: silent.script)
    let ready = CallOptions(timeout: .milliseconds(200))
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note(), options: ready)
    }
    #expect(error.code == .deadlineExceeded)
    #expect(error.message.contains("approvals at 127.0.0.1"), "\(error)")
    if fixture.server.requestCount > 0 { #expect(try await silent.resetCode() == 8) }
    try await fixture.end()
  }

  @Test("deadlines fire in their own order, whatever the order of the calls")
  func deadlineOrder() async throws {
    let fixture = try await Fixture { _ in }
    let client = fixture.client
    let order = await withTaskGroup(of: Int.self) { group in
      for milliseconds in [900, 100, 500] {
        group.addTask {
          let options = CallOptions(timeout: .milliseconds(milliseconds))
          _ = try? await client.unary(EchoService.echo, Note(), options: options)
          return milliseconds
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(order == [100, 500, 900])
    try await fixture.end()
  }

  @Test("a cancelled task ends its call, and the server is told")
  func cancellation() async throws {
    let silent = SilentServer()
    let fixture = try await Fixture(script: silent.script)
    let client = fixture.client
    let task = Task { () async throws -> Note in
      try await client.unary(EchoService.echo, Note())
    }
    await silent.arrived.wait()
    task.cancel()
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(try await silent.resetCode() == 8)
    try await fixture.end()
  }

  @Test("a task that is cancelled already calls nobody")
  func cancelledBefore() async throws {
    let fixture = try await Fixture { $0.echo() }
    let client = fixture.client
    let task = Task { () async throws -> Note in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await client.unary(EchoService.echo, Note())
    }
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(fixture.server.requestCount == 0)
    try await fixture.end()
  }

  @Test("shutdown lets a running call end and refuses the next")
  func gracefulShutdown() async throws {
    let arrived = Signal()
    let held = Mutex<ScriptedStream?>(nil)
    let fixture = try await Fixture { stream in
      held.withLock { $0 = $0 ?? stream }
      arrived.send()
    }
    let client = fixture.client
    let running = Task { try await client.unary(EchoService.echo, Note("runs")) }
    await arrived.wait()
    let shutdown = Task { await client.shutdown(grace: .seconds(60)) }
    // A call is refused from some moment on; the running one is still there then.
    while true {
      let next = Task { try await client.unary(EchoService.echo, Note("late")) }
      next.cancel()
      guard case .failure(let error as RPCError) = await next.result, error.code == .cancelled
      else { break }
    }
    let stream = try #require(held.withLock { $0 })
    stream.connection.executor.loop.execute { stream.echo() }
    #expect(try await running.value == Note("runs"))
    await shutdown.value
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable && error.message.contains("shut down"))
    try await fixture.server.close()
  }

  @Test("shutdown without grace cancels what runs, and returns")
  func hardShutdown() async throws {
    let silent = SilentServer()
    let fixture = try await Fixture(script: silent.script)
    let client = fixture.client
    let running = Task { try await client.unary(EchoService.echo, Note()) }
    await silent.arrived.wait()
    await client.shutdown(grace: .zero)
    let error = await #expect(throws: RPCError.self) { try await running.value }
    #expect(error?.code == .unavailable)
    await client.shutdown()
    try await fixture.server.close()
  }

  @Test("a silent connection is given up when its ping is not answered")
  func keepalive() async throws {
    var options = RPCClientOptions.impatient
    options.keepalive = .init(time: .milliseconds(50), timeout: .milliseconds(50))
    let arrived = Signal()
    let fixture = try await Fixture(options: options) { stream in
      // Reads no more, and so answers no ping.
      stream.connection.context?.channel.setOption(.autoRead, value: false)
        .whenComplete { _ in arrived.send() }
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("keep-alive"), "\(error)")
    try await fixture.end()
  }
}
