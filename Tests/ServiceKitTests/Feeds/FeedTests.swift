internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import Storage
internal import TestKit
internal import Testing

@Suite("Feeds over RPC")
struct FeedTests {
  @Test("events of before and of now arrive once, in order, across restarts of both sides")
  func restarts() async throws {
    let fixture = try await FeedFixture()
    var source = try fixture.database("source")
    let sink = try fixture.database("sink")
    try await fixture.append(600, to: source)
    var producer = try await fixture.producer(source)
    let address = producer.addresses.service
    let consumer = try await fixture.consumer(sink)
    #expect(await fixture.haveApplied(600))
    try await fixture.append(3, to: source)
    #expect(await fixture.haveApplied(603))
    let status = fixture.status(consumer)
    #expect(status.phase == .subscribed && status.position == 603)

    try await producer.stop()
    #expect(await eventually { status.phase == .connecting })
    source = try fixture.database("source")
    try await fixture.append(2, to: source)
    producer = try await fixture.restart(source, at: address)
    #expect(await fixture.haveApplied(605))

    try await consumer.stop()
    try await fixture.append(4, to: source)
    let again = try await fixture.consumer(try fixture.database("sink"))
    #expect(await fixture.haveApplied(609))
    #expect(fixture.sequences == Array(1...609))
    try await again.stop()
    try await producer.stop()
  }

  @Test("a consumer whose producer is not there stops when it is told to")
  func noProducer() async throws {
    let fixture = try await FeedFixture()
    fixture.installation.locate(.intake, at: Address(host: "127.0.0.1", port: 1))
    let consumer = try await fixture.consumer(try fixture.database("sink"))
    #expect(fixture.status(consumer).phase == .connecting)
    try await consumer.stop()
  }

  @Test("a subscriber beyond the end stops for good, says so and is unhealthy")
  func beyondEnd() async throws {
    let fixture = try await FeedFixture()
    let source = try fixture.database("source")
    let sink = try fixture.database("sink")
    try await sink.write { try $0.advanceCursor(of: "intake", from: 0, to: 5) }
    let producer = try await fixture.producer(source)
    let consumer = try await fixture.consumer(sink)
    let status = fixture.status(consumer)
    #expect(await eventually { status.phase == .stopped(.beyondEnd(.intake, position: 5)) })
    #expect(consumer.instance.health.status(of: "feed/intake") == .notServing)
    #expect(consumer.instance.health.status(of: "") == .notServing)
    #expect(
      fixture.installation.log.lines.contains {
        $0.contains("feed stopped") && $0.contains("ends before 5")
      })
    try await consumer.stop()
    try await producer.stop()
  }

  @Test("an event that says of itself to be another one stops the consumer before it")
  func mismatch() async throws {
    let fixture = try await FeedFixture()
    let source = try fixture.database("source")
    try await fixture.append(2, to: source)
    try await fixture.append(1, to: source, named: "expiry")
    try await fixture.append(2, to: source)
    let producer = try await fixture.producer(source)
    let sink = try fixture.database("sink")
    let consumer = try await fixture.consumer(sink)
    let status = fixture.status(consumer)
    #expect(
      await eventually {
        status.phase
          == .stopped(
            .mismatch(.intake, sequence: 3, eventFeed: "expiry", eventSequence: 3))
      })
    // The whole batch or nothing of it: the cursor never stands behind something not applied.
    #expect(fixture.sequences.isEmpty)
    try await consumer.stop()
    try await producer.stop()
  }

  @Test("a cursor that another hand moved stops the consumer")
  func cursorMoved() async throws {
    let fixture = try await FeedFixture()
    let source = try fixture.database("source")
    let sink = try fixture.database("sink")
    let producer = try await fixture.producer(source)
    let consumer = try await fixture.consumer(sink)
    let status = fixture.status(consumer)
    #expect(await eventually { status.phase == .subscribed })
    try await sink.write { try $0.advanceCursor(of: "intake", from: 0, to: 1) }
    try await fixture.append(1, to: source)
    #expect(
      await eventually {
        if case .stopped(.inapplicable) = status.phase { true } else { false }
      })
    try await consumer.stop()
    try await producer.stop()
  }

  @Test("who is not a consumer of the feed is refused")
  func notAllowed() async throws {
    let fixture = try await FeedFixture()
    let producer = try await fixture.producer(try fixture.database("source"))
    let client = try fixture.installation.client(
      of: producer.addresses.service, as: .expiry, expecting: .intake)
    let responses = client.serverStreaming(
      FeedV1.FeedService.subscribe, .init(), options: CallOptions(timeout: .seconds(10)))
    let error = await #expect(throws: RPCError.self) {
      for try await _ in responses {}
    }
    #expect(error == .denied)
    await client.shutdown()
    try await producer.stop()
  }
}

extension FeedFixture {
  /// Starts intake again where it was: consumers keep their addresses. While nobody listens there, a
  /// consumer that connects may be given that very port as its own, and hold it for a moment (TCP on
  /// loopback then connects to itself): tried again until it is free.
  func restart(_ database: Database, at address: Address) async throws -> RunningService {
    for _ in 0..<50 {
      if let service = try? await start(database, at: address) { return service }
      try await Task.sleep(for: .milliseconds(100))
    }
    return try await start(database, at: address)
  }

  private func start(_ database: Database, at address: Address) async throws -> RunningService {
    try await RunningService(
      .intake, in: installation, section: NoSettings.self,
      flags: ["service_listener.address=\(address)"]
    ) { _, _ in
      var parts = ServiceParts()
      parts.people = .stub(.intake)
      parts.database = database
      parts.feed = database.feed
      return parts
    }
  }
}
