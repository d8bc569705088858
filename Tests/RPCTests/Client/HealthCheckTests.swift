internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// gRFC A17.
@Suite("Health-aware calls", .timeLimit(.minutes(2)))
struct HealthCheckTests {
  private static var options: RPCClientOptions {
    var options = RPCClientOptions.impatient
    options.healthCheck = .init(service: EchoService.name)
    return options
  }

  private static let waiting = CallOptions(waitForReady: true)

  private static func router(_ registry: HealthRegistry?, _ count: Counter) -> Router {
    var router = Router()
    router.unary(EchoService.echo) { request, _ in
      count.add()
      return request
    }
    if let registry { router.addHealth(registry) }
    return router
  }

  @Test("a server that says NOT_SERVING gets no new calls until it serves again")
  func notServing() async throws {
    let registry = HealthRegistry(services: [EchoService.name])
    let pair = try await Pair(Self.router(registry, Counter()), options: Self.options)
    let client = pair.client
    _ = try await client.unary(EchoService.echo, Note())
    registry.set(.notServing, for: EchoService.name)
    // What is under way before the news arrives may still pass.
    let error = await untilFailure { () throws(RPCError) in
      try await client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable && error.message.contains("not serving"), "\(error)")
    let waits = Task {
      try await client.unary(EchoService.echo, Note("waits"), options: Self.waiting)
    }
    registry.set(.serving, for: EchoService.name)
    #expect(try await waits.value == Note("waits"))
    try await pair.end()
  }

  @Test("the health of another service is nobody's business")
  func otherService() async throws {
    let registry = HealthRegistry(services: [EchoService.name])
    registry.set(.notServing)
    let pair = try await Pair(Self.router(registry, Counter()), options: Self.options)
    _ = try await pair.client.unary(EchoService.echo, Note())
    try await pair.end()
  }

  @Test("of two servers, the healthy one gets every call")
  func twoServers() async throws {
    let registries = [HealthRegistry(services: [EchoService.name]), HealthRegistry()]
    let counts = [Counter(), Counter()]
    registries[1].set(.notServing, for: EchoService.name)
    var servers: [Pair] = []
    let pki = try ClientPKI()
    for (registry, count) in zip(registries, counts) {
      servers.append(try await Pair(Self.router(registry, count), pki: pki))
    }
    let addresses = try servers.map {
      try SocketAddress(ipAddress: "127.0.0.1", port: $0.client.target.port)
    }
    var options = Self.options
    options.resolve = { _ in addresses }
    let client = try Fixture.client(of: 1, pki, options: options)
    for _ in 0..<20 { _ = try await client.unary(EchoService.echo, Note()) }
    #expect(counts[0].value == 20)
    #expect(counts[1].value == 0)
    await client.shutdown(grace: .zero)
    for server in servers { try await server.end() }
  }

  @Test("a server without the health service counts as healthy")
  func unimplemented() async throws {
    let pair = try await Pair(Self.router(nil, Counter()), options: Self.options)
    _ = try await pair.client.unary(EchoService.echo, Note())
    try await pair.end()
  }

  @Test("a service that the server does not know is not healthy")
  func unknownService() async throws {
    let registry = HealthRegistry()
    let pair = try await Pair(Self.router(registry, Counter()), options: Self.options)
    let error = try await failure { () throws(RPCError) in
      try await pair.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable, "\(error)")
    try await pair.end()
  }

  @Test("no call begins before the first answer about health; a watch that ends is begun again")
  func watchEnds() async throws {
    let watches = Mutex(0)
    let fixture = try await Fixture(options: Self.options) { stream in
      guard stream.fields[":path"] == GrpcHealthV1.Health.watch.path else { return stream.echo() }
      let number = watches.withLock { watches in
        watches += 1
        return watches
      }
      switch number {
      case 1: stream.sendHeaders([("grpc-status", "13")], endStream: true)
      case 2:
        stream.sendHeaders()
        stream.sendStatus(0)
      default:
        stream.sendHeaders()
        let serving = GrpcHealthV1.HealthCheckResponse(status: .serving)
        stream.sendMessage((try? serving.serialized()) ?? [])
      }
    }
    #expect(
      try await fixture.client.unary(EchoService.echo, Note("a"), options: Self.waiting)
        == Note("a"))
    #expect(watches.withLock { $0 } == 3)
    try await fixture.end()
  }

  @Test("the watch carries what the client adds to every call, and the service's name")
  func request() async throws {
    var options = Self.options
    options.metadataProvider = { _ throws(RPCError) in ["authorization": "Bearer t0ken"] }
    let fields = Mutex<[String: String]>([:])
    let names = Mutex<[String]>([])
    let fixture = try await Fixture(options: options) { stream in
      guard stream.fields[":path"] == GrpcHealthV1.Health.watch.path else { return stream.echo() }
      fields.withLock { $0 = stream.fields }
      let request = stream.messages.first.flatMap {
        try? GrpcHealthV1.HealthCheckRequest(serialized: $0)
      }
      names.withLock { $0.append(request?.service ?? "none") }
      stream.sendHeaders([("grpc-status", "12")], endStream: true)
    }
    _ = try await fixture.client.unary(EchoService.echo, Note())
    #expect(fields.withLock { $0["authorization"] } == "Bearer t0ken")
    #expect(names.withLock { $0 } == [EchoService.name])
    try await fixture.end()
  }

  @Test("the watch does not keep a connection open that goes away")
  func goAway() async throws {
    let registry = HealthRegistry(services: [EchoService.name])
    let pair = try await Pair(Self.router(registry, Counter()), options: Self.options)
    _ = try await pair.client.unary(EchoService.echo, Note())
    // Returns when every connection is closed, although the grace is not over.
    pair.server.shutdown()
    await pair.client.shutdown(grace: .seconds(600))
    try await pair.end()
  }
}
