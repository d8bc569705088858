internal import Domain
internal import LockboxProto
internal import LogFormats
internal import Outbound
internal import RPC
internal import ServiceKit
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Export

@Suite struct DeliveryEngineTests {
  private final class World: Sendable {
    let directory = TemporaryDirectory()
    let clock = FakeClock()
    let store: MemoryDeliveryStore
    let receiver: WebhookReceiver
    let url: HTTPSURL
    let engine: DeliveryEngine
    let senders: SenderFactory

    init() async throws {
      let pki = TestPKI(in: directory)
      receiver = try WebhookReceiver(pki)
      url = try #require(HTTPSURL("https://localhost:\(try await receiver.start())/"))
      store = MemoryDeliveryStore(clock: clock)
      senders = SenderFactory(
        authorities: pki.authorities, directory: directory.file(""), addressGuard: .everything,
        hostname: "export.example", clock: clock)
      engine = DeliveryEngine(
        store: store, senders: senders, clock: clock,
        policy: RetryPolicy(backoff: .init(initial: .milliseconds(1), multiplier: 1, jitter: 0)),
        logger: LogCapture().logger())
    }

    func add(_ name: String, version: UInt64 = 1, id: DestinationID? = nil) async throws
      -> Destination
    {
      let now = clock.now()
      let destination = Destination(
        id: id ?? .make(at: now), tenant: .acme, name: name,
        target: .webhook(url, .standard, .shared), kinds: [], includesTexts: false,
        isPaused: false, authorities: "", created: now, updated: now, version: version)
      try await store.writeDeliveries { transaction in
        try transaction.set(destination)
        try transaction.setKeys(
          [.init(bytes: [UInt8](repeating: 7, count: 32), expires: nil)], of: destination.id)
      }
      engine.destinationsChanged()
      return destination
    }

    func log(_ count: Int) {
      store.log((0..<count).map { sampleEvent(UInt64($0) + 1, at: clock.now()) }, of: .acme)
      engine.entriesArrived(in: [.acme])
    }

    /// The ids of acme's log, in its order.
    var logged: [String] {
      let entries = store.state.withLock { $0.entries["acme"] ?? [] }
      return entries.compactMap {
        try? EntryRecord(index: $0.index, event: $0.event, texts: .withheld).eventID
      }
    }

    /// Runs the engine for the time of `body`.
    func running(_ body: () async throws -> Void) async throws {
      let run = Task { try await engine.run() }
      defer { run.cancel() }
      try await body()
      run.cancel()
      _ = await run.result
    }
  }

  @Test func `Entries go out as they come, to every destination of their log`() async throws {
    let world = try await World()
    try await world.running {
      _ = try await world.add("one")
      _ = try await world.add("two")
      world.log(3)
      #expect(await eventually { world.receiver.requests.count == 6 })
      world.log(1)
      #expect(await eventually { world.receiver.requests.count == 8 })
    }
  }

  @Test func `A destination that is removed gets nothing more`() async throws {
    let world = try await World()
    try await world.running {
      let destination = try await world.add("one")
      world.log(1)
      #expect(await eventually { world.receiver.requests.count == 1 })
      try await world.store.writeDeliveries { try $0.remove(destination.id) }
      world.engine.destinationsChanged()
      _ = try await world.add("two")
      // The new one's own history; the old one would have sent the second too.
      #expect(await eventually { world.receiver.requests.count == 2 })
      world.log(1)
      #expect(await eventually { world.receiver.requests.count == 3 })
    }
  }

  @Test func `A receiver that fails for a while gets everything in order`() async throws {
    let world = try await World()
    world.receiver.answer(.status(500), .hangUp, .status(503), .status(429), .status(204))
    try await world.running {
      _ = try await world.add("one")
      world.log(3)
      #expect(
        await eventually {
          world.clock.advance(by: .seconds(1))
          world.engine.destinationsChanged()
          return Self.firsts(world.receiver.requests).count == 3
            && world.store.state.withLock { $0.progress.values.first?.next } == 3
        })
      #expect(Self.firsts(world.receiver.requests) == world.logged)
    }
  }

  /// The ids in the order in which they first came.
  private static func firsts(_ requests: [WebhookReceiver.Request]) -> [String] {
    var seen: [String] = []
    for request in requests where !seen.contains(request["webhook-id"]) {
      seen.append(request["webhook-id"])
    }
    return seen
  }
}
