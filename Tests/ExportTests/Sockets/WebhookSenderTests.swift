internal import Domain
internal import LockboxProto
internal import LogFormats
internal import Outbound
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Export

@Suite struct WebhookSenderTests {
  private struct World {
    let directory = TemporaryDirectory()
    let pki: TestPKI
    let clock = FakeClock()
    let receiver: WebhookReceiver
    let port: Int
    let key: WebhookKey
    let sender: WebhookSender

    init() async throws {
      pki = TestPKI(in: directory)
      receiver = try WebhookReceiver(pki)
      port = try await receiver.start()
      var random = TestGenerator(seed: 1)
      key = .generate(.shared, using: &random)
      let loopback = [
        try #require(NetworkPrefix([127, 0, 0, 0], 8)),
        try #require(NetworkPrefix([UInt8](repeating: 0, count: 15) + [1], 128)),
      ]
      let client = try OutboundClient(
        authorities: pki.authorities, addressGuard: AddressGuard(allowed: loopback))
      sender = WebhookSender(
        try #require(HTTPSURL("https://localhost:\(port)/hook?token=1")), .cloudEvents,
        keys: [(key, nil)], client: client, clock: clock)
    }

    func send(_ records: [EntryRecord]) async -> SendingResult {
      await sender.send(records, isBeside: false)
    }

    func records(_ count: UInt64) throws -> [EntryRecord] {
      try (0..<count).map {
        try EntryRecord(index: $0, event: sampleEvent($0 + 1, at: clock.now()), texts: .withheld)
      }
    }
  }

  @Test func `Entries go out in order over one connection, each signed`() async throws {
    let world = try await World()
    let records = try world.records(5)
    #expect(await world.send(records) == .init(delivered: 5))
    let requests = world.receiver.requests
    #expect(requests.map { $0["webhook-id"] } == records.map(\.eventID))
    #expect(Set(requests.map(\.connection)).count == 1)
    for request in requests {
      #expect(request.uri == "/hook?token=1")
      #expect(request["host"] == "localhost:\(world.port)")
      #expect(request["content-type"] == "application/cloudevents+json")
      let expected = WebhookSignature.fields(
        id: request["webhook-id"], seconds: world.clock.now().seconds, body: request.body,
        keys: [world.key])
      for field in expected { #expect(request[field.name] == field.value) }
    }
  }

  @Test func `The first that fails ends the batch`() async throws {
    let world = try await World()
    world.receiver.answer(.status(200), .status(503, fields: ["retry-after": "30"]))
    let result = await world.send(try world.records(4))
    #expect(
      result
        == .init(
          delivered: 1,
          failure: .failed("the receiver answered 503", retryAfter: .seconds(30))))
    #expect(world.receiver.requests.count == 2)
  }

  @Test func `A receiver that is gone says so`() async throws {
    let world = try await World()
    world.receiver.answer(.status(410))
    #expect(await world.send(try world.records(2)) == .init(delivered: 0, failure: .gone))
  }

  @Test func `A receiver that is down fails, and gets everything once it is up`() async throws {
    let world = try await World()
    await world.receiver.stop()
    let down = await world.send(try world.records(2))
    #expect(down.delivered == 0)
    #expect(down.failure != nil)
    try await world.receiver.start(port: world.port)
    #expect(await world.send(try world.records(2)) == .init(delivered: 2))
  }
}
