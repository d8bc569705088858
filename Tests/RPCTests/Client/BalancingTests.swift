internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Several addresses", .timeLimit(.minutes(2)))
struct BalancingTests {
  /// Servers, a name that leads to some of them, and a client of that name.
  private struct Scene {
    let pki: ClientPKI
    let servers: [ScriptedServer]
    let client: RPCClient
    let name: Name

    /// What a resolver says, and how often it was asked.
    final class Name: Sendable {
      let addresses = Mutex<[SocketAddress]>([])
      let questions = Mutex(0)
      let failures = Mutex(0)
    }

    struct NoAnswer: Error, CustomStringConvertible {
      var description: String { "no answer" }
    }

    init(
      _ count: Int, first: Int? = nil, options: RPCClientOptions = .impatient,
      script: @escaping @Sendable (Int, ScriptedStream) -> Void = { $1.echo() }
    ) async throws {
      pki = try ClientPKI()
      var servers: [ScriptedServer] = []
      for number in 0..<count {
        servers.append(try await ScriptedServer(pki.server()) { script(number, $0) })
      }
      self.servers = servers
      let name = Name()
      self.name = name
      var options = options
      options.resolve = { _ in
        name.questions.withLock { $0 += 1 }
        let isFailing = name.failures.withLock { failures in
          failures -= 1
          return failures >= 0
        }
        if isFailing { throw NoAnswer() }
        return name.addresses.withLock { $0 }
      }
      client = try Fixture.client(of: 1, pki, options: options)
      try lead(to: Array(servers.prefix(first ?? count)).map(\.port))
    }

    func lead(to ports: [Int]) throws {
      let addresses = try ports.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
      name.addresses.withLock { $0 = addresses }
    }

    func call(_ text: String = "") async throws {
      #expect(try await client.unary(EchoService.read, Note(text)) == Note(text))
    }

    /// Calls until each of the servers has been called.
    func reach(_ servers: [ScriptedServer]) async throws {
      let before = servers.map(\.requestCount)
      while zip(before, servers).contains(where: { $0 == $1.requestCount }) { try await call() }
    }

    func end() async throws {
      await client.shutdown(grace: .zero)
      for server in servers { try await server.close() }
    }
  }

  @Test("calls go round: each address gets its share")
  func roundRobin() async throws {
    let scene = try await Scene(3)
    try await scene.reach(scene.servers)
    let before = scene.servers.map(\.requestCount)
    for _ in 0..<30 { try await scene.call() }
    #expect(zip(before, scene.servers).map { $1.requestCount - $0 } == [10, 10, 10])
    #expect(scene.servers.map(\.connectionCount) == [1, 1, 1])
    try await scene.end()
  }

  @Test("an address where nobody answers costs no call; one that comes up gets its share")
  func oneDead() async throws {
    let scene = try await Scene(2)
    let port = scene.servers[0].port
    try await scene.servers[0].stopListening()
    for _ in 0..<50 { try await scene.call() }
    #expect(scene.servers[1].requestCount == 50)
    try await scene.servers[0].listen(on: port)
    try await scene.reach(scene.servers)
    try await scene.end()
  }

  @Test("a server that dies under load costs no idempotent call")
  func dies() async throws {
    let scene = try await Scene(3)
    try await scene.reach(scene.servers)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<8 {
        group.addTask { for number in 0..<50 { try await scene.call("\(caller)/\(number)") } }
      }
      try await scene.servers[1].close()
      try await group.waitForAll()
    }
    try await scene.end()
  }

  @Test("a lost connection has the name resolved again: new addresses serve, old ones drain")
  func newAddresses() async throws {
    var options = RPCClientOptions.impatient
    options.resolutionInterval = .zero
    let held = Mutex<ScriptedStream?>(nil)
    let arrived = Signal()
    let scene = try await Scene(3, first: 2, options: options) { number, stream in
      if stream.fields[":path"] == EchoService.echo.path {
        held.withLock { $0 = stream }
        arrived.send()
      } else {
        stream.echo()
      }
    }
    try await scene.reach([scene.servers[0], scene.servers[1]])
    let client = scene.client
    let running = Task { try await client.unary(EchoService.echo, Note("runs")) }
    await arrived.wait()
    let stream = try #require(held.withLock { $0 })
    // The call runs on one of the two: the other one leaves, and the name leads to the third.
    let other = scene.servers.prefix(2).first { !$0.serves(stream) }
    try scene.lead(to: [scene.servers[2].port])
    try #require(other).dropConnections()
    try await until { scene.name.questions.withLock { $0 } > 1 }
    try await scene.reach([scene.servers[2]])
    let before = scene.servers.prefix(2).map(\.requestCount)
    for _ in 0..<10 { try await scene.call() }
    #expect(scene.servers.prefix(2).map(\.requestCount) == before)
    stream.connection.executor.loop.execute { stream.echo() }
    #expect(try await running.value == Note("runs"))
    try await scene.end()
  }

  @Test("a name is not resolved again before its interval has passed")
  func interval() async throws {
    var options = RPCClientOptions.impatient
    options.resolutionInterval = .seconds(3_600)
    let scene = try await Scene(2, options: options)
    try await scene.reach(scene.servers)
    for round in 1...5 {
      scene.servers[0].dropConnections()
      while scene.servers[0].connectionCount == round { try await scene.call() }
      try await scene.reach(scene.servers)
    }
    #expect(scene.name.questions.withLock { $0 } == 1)
    try await scene.end()
  }

  @Test("a name that does not resolve fails the call and says why; then it is asked for again")
  func failures() async throws {
    let scene = try await Scene(1)
    scene.name.failures.withLock { $0 = 2 }
    let error = try await failure { () throws(RPCError) in
      try await scene.client.unary(EchoService.read, Note())
    }
    #expect(error.code == .unavailable && error.message.contains("no answer"), "\(error)")
    let options = CallOptions(waitForReady: true)
    _ = try await scene.client.unary(EchoService.read, Note(), options: options)
    #expect(scene.name.questions.withLock { $0 } == 3)
    try await scene.end()
  }

  @Test("a name without an address fails the call and says so")
  func noAddress() async throws {
    let scene = try await Scene(1)
    try scene.lead(to: [])
    let error = try await failure { () throws(RPCError) in
      try await scene.client.unary(EchoService.read, Note())
    }
    #expect(error.code == .unavailable && error.message.contains("no address"), "\(error)")
    try await scene.end()
  }

  @Test("the same name with more addresses: the new one joins, nobody leaves")
  func joins() async throws {
    var options = RPCClientOptions.impatient
    options.resolutionInterval = .zero
    let scene = try await Scene(3, first: 2, options: options)
    try await scene.reach([scene.servers[0], scene.servers[1]])
    try scene.lead(to: scene.servers.map(\.port))
    scene.servers[0].dropConnections()
    try await scene.reach(scene.servers)
    #expect(scene.servers[1].connectionCount == 1)
    try await scene.end()
  }
}
