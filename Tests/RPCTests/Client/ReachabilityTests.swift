internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("Reaching a server", .timeLimit(.minutes(2)))
struct ReachabilityTests {
  /// A port on which nobody listens, for now.
  private func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    defer { channel.close(promise: nil) }
    return try #require(channel.localAddress?.port)
  }

  @Test("without a server a call fails at once and says where and why")
  func refused() async throws {
    let port = try await freePort()
    let client = try Fixture.client(of: port, ClientPKI())
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(
      error.message
        == "cannot reach approvals at 127.0.0.1:\(port): connection refused; is it running?")
    await client.shutdown(grace: .zero)
  }

  @Test("wait-for-ready waits for a server that starts later")
  func waitForReady() async throws {
    let pki = try ClientPKI()
    let port = try await freePort()
    let client = try Fixture.client(of: port, pki)
    let waiting = Task {
      try await client.unary(EchoService.echo, Note("a"), options: CallOptions(waitForReady: true))
    }
    // The first attempt has failed when a call that does not wait has.
    _ = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    let server = try await ScriptedServer(pki.server(), port: port) { $0.echo() }
    #expect(try await waiting.value == Note("a"))
    await client.shutdown(grace: .zero)
    try await server.close()
  }

  @Test("a call that waits in vain says at its deadline what it waited for")
  func waitInVain() async throws {
    let client = try await Fixture.client(of: freePort(), ClientPKI())
    let options = CallOptions(timeout: .milliseconds(300), waitForReady: true)
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note(), options: options)
    }
    #expect(error.code == .deadlineExceeded)
    #expect(error.message.contains("gave up after 0.3 seconds"), "\(error)")
    await client.shutdown(grace: .zero)
  }

  @Test("a stream that waits for a server ends with its task, before its metadata too")
  func cancelledWait() async throws {
    let client = try await Fixture.client(of: freePort(), ClientPKI())
    let task = Task {
      try await client.serverStreaming(
        EchoService.watch, Note(), options: CallOptions(waitForReady: true)
      ).metadata
    }
    // The first attempt has failed when a call that does not wait has.
    _ = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    task.cancel()
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    await client.shutdown(grace: .zero)
  }

  @Test("a server that was restarted is found again")
  func restart() async throws {
    let fixture = try await Fixture { $0.echo() }
    let port = fixture.server.port
    #expect(try await fixture.client.unary(EchoService.echo, Note("1")) == Note("1"))
    try await fixture.server.close()
    let again = try await ScriptedServer(fixture.pki.server(), port: port) { $0.echo() }
    let options = CallOptions(waitForReady: true)
    // Idempotent: the call may still meet the end of the old connection.
    #expect(
      try await fixture.client.unary(EchoService.read, Note("2"), options: options) == Note("2"))
    await fixture.client.shutdown(grace: .zero)
    try await again.close()
  }

  @Test("a server of another name is not trusted, and both names are told")
  func wrongServer() async throws {
    let fixture = try await Fixture { $0.echo() }
    let client = try Fixture.client(
      of: fixture.server.port, fixture.pki, expecting: .uri("spiffe://test.example/lockbox/audit"))
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(error.message.hasPrefix("cannot reach approvals at 127.0.0.1:"))
    #expect(error.message.contains(ClientPKI.serverURI) && error.message.contains("lockbox/audit"))
    #expect(fixture.server.requestCount == 0)
    await client.shutdown(grace: .zero)
    try await fixture.end()
  }

  @Test("a server that refuses our certificate does so before any call counts as sent")
  func refusedByServer() async throws {
    let fixture = try await Fixture { $0.echo() }
    let client = try Fixture.client(of: fixture.server.port, fixture.pki, anonymous: true)
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("certificate"), "\(error)")
    await client.shutdown(grace: .zero)
    try await fixture.end()
  }

  @Test("a server that takes the connection and says nothing is given up in time")
  func silent() async throws {
    var options = RPCClientOptions.impatient
    options.connectTimeout = .milliseconds(200)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    let client = try Fixture.client(of: port, ClientPKI(), options: options)
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("within 0.2 seconds"), "\(error)")
    await client.shutdown(grace: .zero)
    try await listener.close()
  }

  @Test("a name that does not resolve is told as such")
  func noSuchName() async throws {
    let client = RPCClient(
      target: RPCTarget(host: "nowhere.invalid", port: 1), tls: try ClientPKI().client(),
      expecting: .hostname("nowhere.invalid"), options: .impatient,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    let error = try await failure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(error.message.hasPrefix("cannot reach nowhere.invalid:1: the name does not resolve"))
    await client.shutdown(grace: .zero)
  }
}
