internal import Outbound
internal import ServiceKit
internal import TestKit
internal import Testing

@Suite struct KeptConnectionTests {
  private struct World {
    let directory = TemporaryDirectory()
    let others = TemporaryDirectory()
    let receiver: WebhookReceiver
    let port: Int
    let connection: KeptConnection

    init(
      timeout: Duration = .seconds(20), allowed: Bool = true, strangers: Bool = false
    ) async throws {
      let pki = TestPKI(in: directory)
      receiver = try WebhookReceiver(pki)
      port = try await receiver.start()
      let loopback = [
        try #require(NetworkPrefix([127, 0, 0, 0], 8)),
        try #require(NetworkPrefix([UInt8](repeating: 0, count: 15) + [1], 128)),
      ]
      let client = try OutboundClient(
        authorities: strangers ? TestPKI(in: others).authorities : pki.authorities,
        addressGuard: AddressGuard(allowed: allowed ? loopback : []), timeout: timeout,
        connectTimeout: .seconds(20))
      let url = try #require(HTTPSURL("https://localhost:\(port)/hook?token=1"))
      connection = KeptConnection(to: url, client: client)
    }

    /// - Returns: the answer's status.
    @discardableResult
    func post() async throws(OutboundFault) -> Int {
      try await connection.post(Array("{}".utf8), fields: [("webhook-id", "a")]).status
    }
  }

  @Test func `Requests share a connection while the receiver keeps it`() async throws {
    let world = try await World()
    for _ in 0..<3 { #expect(try await world.post() == 204) }
    let requests = world.receiver.requests
    #expect(requests.map(\.connection) == [1, 1, 1])
    #expect(requests.allSatisfy { $0.uri == "/hook?token=1" && $0.body == Array("{}".utf8) })
    #expect(requests.allSatisfy { $0["host"] == "localhost:\(world.port)" })
  }

  @Test func `A redirection is not followed`() async throws {
    let world = try await World()
    world.receiver.answer(
      .status(302, fields: ["location": "https://localhost:\(world.port)/elsewhere"]))
    #expect(try await world.post() == 302)
    #expect(world.receiver.requests.map(\.uri) == ["/hook?token=1"])
  }

  @Test func `A huge body costs the connection, not the answer`() async throws {
    let world = try await World()
    world.receiver.answer(.status(200, bodyBytes: 4 << 20))
    #expect(try await world.post() == 200)
    #expect(try await world.post() == 204)
    #expect(world.receiver.requests.map(\.connection) == [1, 2])
  }

  @Test func `A body that never ends costs the connection, not the answer`() async throws {
    let world = try await World(timeout: .seconds(3))
    world.receiver.answer(.headOnly)
    #expect(try await world.post() == 200)
  }

  @Test func `A receiver that never answers is given up in time`() async throws {
    let world = try await World(timeout: .milliseconds(500))
    world.receiver.answer(.silence)
    await #expect(throws: OutboundFault.timedOut(.milliseconds(500))) { try await world.post() }
  }

  @Test func `A kept connection that ended is opened anew`() async throws {
    let world = try await World()
    try await world.post()
    world.receiver.answer(.hangUp)
    // The request that met the end is sent again.
    #expect(try await world.post() == 204)
    #expect(world.receiver.requests.map(\.connection) == [1, 1, 2])
  }

  @Test func `A name that leads to this machine is refused before anything is sent`() async throws {
    let world = try await World(allowed: false)
    await #expect(throws: OutboundFault.forbiddenAddress) { try await world.post() }
    #expect(world.receiver.connections == 0)
  }

  @Test func `A receiver of another authority gets nothing`() async throws {
    let world = try await World(strangers: true)
    await #expect(throws: OutboundFault.self) { try await world.post() }
    #expect(world.receiver.requests.isEmpty)
  }
}
