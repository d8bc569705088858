internal import Domain
internal import LockboxProto
internal import LogFormats
internal import Outbound
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Export

@Suite struct DeliveryWorkerTests {
  /// One destination of acme's log.
  private struct World {
    let clock = FakeClock()
    let store: MemoryDeliveryStore
    let sender = ScriptedSender()
    let destination: Destination
    let worker: DeliveryWorker
    let capture = LogCapture()
    let counts = DeliveryCounts()

    init(
      entries: Int = 3, kinds: Set<String> = [], paused: Bool = false,
      policy: RetryPolicy = RetryPolicy(
        backoff: .init(initial: .seconds(1), multiplier: 2, jitter: 0))
    ) async throws {
      store = MemoryDeliveryStore(clock: clock)
      destination = .sample("SIEM", kinds: kinds, paused: paused, at: clock.now())
      worker = DeliveryWorker(
        destination: destination, store: store, sender: sender, clock: clock, policy: policy,
        counts: counts, logger: capture.logger())
      try await store.writeDeliveries { [destination] in try $0.set(destination) }
      log(entries)
    }

    func log(_ count: Int, revoked: Bool = false) {
      let events = (0..<count).map {
        sampleEvent(UInt64($0) + 1, at: clock.now(), revoked: revoked)
      }
      store.log(events, of: .acme)
    }

    var progress: DeliveryProgress? {
      store.state.withLock { $0.progress[destination.id] }
    }
    var letters: [UInt64] {
      store.state.withLock { ($0.letters[destination.id] ?? [:]).keys.sorted() }
    }
    var delivered: [UInt64] { sender.delivered.withLock { $0 } }
    var events: [EventV1.Event.Payload?] {
      store.state.withLock { state in
        state.events.map { try? EventV1.Event(serialized: $0, limits: .response).payload }
      }
    }

    /// Steps until there is nothing to do now.
    @discardableResult
    func settle() async throws -> DeliveryWorker.Next {
      for _ in 0..<100 {
        let next = try await worker.step()
        if next != .goOn { return next }
      }
      return .goOn
    }
  }

  @Test func `Entries are delivered in order, once`() async throws {
    let world = try await World(entries: 300)
    #expect(try await world.settle() == .wait(until: nil))
    #expect(world.delivered == Array(0..<300))
    #expect(world.progress == DeliveryProgress(next: 300))
    world.log(1)
    try await world.settle()
    #expect(world.delivered.last == 300)
  }

  @Test func `What a destination does not want is passed over`() async throws {
    let world = try await World(entries: 2, kinds: ["grant_revoked"])
    world.log(2, revoked: true)
    world.log(2)
    try await world.settle()
    #expect(world.delivered == [2, 3])
    #expect(world.progress?.next == 6)
  }

  @Test func `After a failure the same entry comes next, not before its time`() async throws {
    let world = try await World()
    world.sender.answer(.init(delivered: 1, failure: .failed("no answer", retryAfter: nil)))
    let retry = world.clock.now() + .seconds(1)
    #expect(try await world.settle() == .wait(until: retry))
    #expect(world.progress?.next == 1)
    #expect(world.progress?.failures == 1)
    #expect(try await world.worker.step() == .wait(until: retry))
    #expect(world.sender.calls.count == 1)
    world.clock.advance(by: .seconds(1))
    try await world.settle()
    #expect(world.delivered == [0, 1, 2])
    #expect(world.progress == DeliveryProgress(next: 3))
  }

  @Test func `What was sent but not noted is sent again, with the same id`() async throws {
    let world = try await World()
    // A crash between the answer and the commit: the next start knows of nothing.
    _ = await world.sender.send(
      DeliveryBatch(
        world.store.state.withLock { $0.entries["acme"] ?? [] }, for: world.destination
      ).records)
    try await world.settle()
    let calls = world.sender.calls
    #expect(world.delivered == [0, 1, 2, 0, 1, 2])
    #expect(calls[0].map(\.eventID) == calls[1].map(\.eventID))
  }

  @Test func `An entry that the receiver never takes is given up, and the next one goes out`()
    async throws
  {
    let world = try await World(policy: .init(mostRefusals: 3))
    for _ in 0..<3 { world.sender.answer(.init(delivered: 0, failure: .refused("400"))) }
    for _ in 0..<3 {
      try await world.settle()
      world.clock.advance(by: .seconds(600))
    }
    try await world.settle()
    #expect(world.delivered == [1, 2])
    #expect(world.letters == [0])
    guard case .deadLettersChanged(let told) = world.events.last else {
      Issue.record("no event tells of it")
      return
    }
    #expect(told.change == .added && told.count == 1 && told.firstIndex == 0)
  }

  @Test func `A receiver that is away for days gets what is young enough, the rest is kept`()
    async throws
  {
    let world = try await World(entries: 3)
    world.clock.advance(by: .hours(73))
    world.log(2)
    world.sender.answer(.init(delivered: 0, failure: .failed("refused", retryAfter: nil)))
    try await world.settle()
    #expect(world.letters == [0, 1, 2])
    #expect(world.progress?.next == 3)
    var metrics = MetricsText()
    world.counts.write(to: &metrics)
    #expect(metrics.text.contains("\nlockbox_dead_letters_total 3\n"))
    #expect(metrics.text.contains("\nlockbox_delivery_failures_total 1\n"))
    world.clock.advance(by: .hours(1))
    try await world.settle()
    #expect(world.delivered == [3, 4])
  }

  @Test func `A receiver that is gone gets nothing more`() async throws {
    let world = try await World()
    world.sender.answer(.init(delivered: 1, failure: .gone))
    #expect(try await world.settle() == .wait(until: nil))
    world.clock.advance(by: .hours(24))
    try await world.settle()
    #expect(world.sender.calls.count == 1)
    #expect(world.progress?.isDisabled == true)
    #expect(world.progress?.next == 1)
    guard case .destinationDisabled = world.events.last else {
      Issue.record("no event tells of it")
      return
    }
  }

  @Test func `A paused destination gets nothing`() async throws {
    let world = try await World(paused: true)
    #expect(try await world.settle() == .wait(until: nil))
    #expect(world.sender.calls.isEmpty)
  }

  @Test func `Entries that are no longer kept are told of, and the rest goes out`() async throws {
    let world = try await World(entries: 5)
    world.store.state.withLock { $0.entries["acme"]?.removeFirst(3) }
    try await world.settle()
    #expect(world.delivered == [3, 4])
    guard case .deadLettersChanged(let told) = world.events.last else {
      Issue.record("no event tells of it")
      return
    }
    #expect(told.change == .missed && told.count == 3)
    #expect(told.firstIndex == 0 && told.lastIndex == 2)
  }

  @Test func `Dead letters are sent once more when somebody asks`() async throws {
    let world = try await World(policy: .init(mostRefusals: 1))
    world.sender.answer(
      .init(delivered: 0, failure: .refused("422")), .init(delivered: 0, failure: .refused("422")))
    try await world.settle()
    #expect(world.letters == [0, 1])
    let id = world.destination.id
    _ = try await world.store.writeDeliveries { try $0.retryDeadLetters(nil, of: id) }
    world.sender.answer(.init(delivered: 0, failure: .refused("still no")))
    try await world.settle()
    #expect(world.letters == [0])
    #expect(world.delivered == [2, 1])
    let left = world.store.state.withLock { $0.letters[id]?[0] }
    #expect(left?.attempts == 2)
    #expect(left?.lastFailure == "still no")
    #expect(left?.isRetrying == false)
  }

  @Test func `What may have been lost is sent again`() async throws {
    let world = try await World(entries: 4)
    try await world.settle()
    world.log(1)
    world.sender.answer(.init(delivered: 0, resendFrom: 2))
    try await world.settle()
    #expect(world.delivered == [0, 1, 2, 3, 2, 3, 4])
  }

  @Test func `A destination that was deleted meanwhile leaves nothing`() async throws {
    let world = try await World()
    let id = world.destination.id
    world.store.state.withLock { state in
      state.destinations[id] = nil
    }
    try await world.settle()
    #expect(world.progress == DeliveryProgress(next: 0) || world.progress == nil)
    #expect(world.events.isEmpty)
  }
}
