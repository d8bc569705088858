internal import Domain
internal import ServiceKit
internal import Storage
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Notify

/// Many notices, and mail servers that are not well.
@Suite struct BurdenTests {
  private static func withStore(
    _ body: (SQLiteNotifyStore, FakeClock) async throws -> Void
  ) async throws {
    let folder = TemporaryDirectory()
    let clock = FakeClock()
    let store = try SQLiteNotifyStore(path: folder.file("notify.db"), clock: clock) {
      Issue.record("the database failed: \($0)")
    }
    do {
      try await body(store, clock)
    } catch {
      await store.database.close()
      throw error
    }
    await store.database.close()
    withExtendedLifetime(folder) {}
  }

  @Test func `Ten thousand notices leave in order of each recipient, whatever fails between`()
    async throws
  {
    let recipients = 200
    let addresses = (0..<10_000).map { "r\($0 % recipients)@acme.test" }
    let seed = TestGenerator.announced().seed
    try await Self.withStore { store, clock in
      var ids: [NoticeID] = []
      for start in stride(from: 0, to: addresses.count, by: 1_000) {
        ids += try await store.add(Array(addresses[start..<start + 1_000]))
      }
      let random = Mutex(TestGenerator(seed: seed))
      let sender = FakeSender { _, _ in
        await Task.yield()
        let dice = random.withLock { Int.random(in: 0..<100, using: &$0) }
        return dice < 2 ? .deferred("451 later") : dice < 3 ? .unknown("cut") : .accepted
      }
      let desk = Desk(store, clock, sender)
      let dispatcher = Dispatcher(worker: desk.worker, concurrency: 16)
      let running = Task { try await dispatcher.run() }
      // Time goes on by itself: what waits for its next attempt waits a second or a few.
      let lanes = (0..<recipients).map { Lane.mail("r\($0)@acme.test") }
      let end = ContinuousClock.now + .seconds(600)
      while sender.accepted < addresses.count, ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(100))
        clock.advance(by: .seconds(2))
        dispatcher.ring(lanes)
      }
      let isEmpty = try await eventually(within: .seconds(120)) {
        try await store.read { try $0.totals().waiting } == 0
      }
      running.cancel()
      _ = try? await running.value
      #expect(isEmpty)
      #expect(sender.overlaps == 0, "one worker at a time for a recipient")
      #expect(sender.mostAtOnce <= 16 && sender.mostAtOnce > 1)
      var wanted: [Lane: [NoticeID]] = [:]
      for (address, id) in zip(addresses, ids) { wanted[.mail(address), default: []].append(id) }
      var received: [Lane: [NoticeID]] = [:]
      for message in sender.received {
        for id in message.notices where received[message.lane]?.last != id {
          received[message.lane, default: []].append(id)
        }
        if received[message.lane]?.last == message.carrier { continue }
      }
      #expect(received == wanted)
      let doubles = sender.received.count - addresses.count
      #expect(sender.received.count(where: \.isRepeated) == doubles, "each double says so")
    }
  }

  enum Trouble: CaseIterable, Sendable { case down, slow, refusing, silent }

  @Test(arguments: Trouble.allCases)
  func `An hour of trouble loses nothing and doubles nothing`(_ trouble: Trouble) async throws {
    try await StoreKind.memory.withStore { bench in
      let recovery = Samples.now + .hours(1)
      let clock = bench.clock
      let sender = FakeSender { _, _ in
        guard clock.now() < recovery else { return .accepted }
        switch trouble {
        case .down: return .deferred("connection refused")
        case .refusing: return .deferred("451 try later")
        case .slow:
          clock.advance(by: .seconds(60))
          return .deferred("timed out")
        case .silent:
          // The server takes what it is given, and its answer is lost, for the first minute.
          clock.advance(by: .seconds(60))
          return clock.now() < Samples.now + .seconds(61)
            ? .unknown("no answer") : .deferred("timed out")
        }
      }
      let desk = Desk(bench.store, clock, sender)
      var ids: [NoticeID] = []
      for minute in 0..<60 {
        let moment = Samples.now + .seconds(minute * 60)
        ids += try await bench.store.add(
          (0..<5).map { "r\($0)@acme.test" }, at: max(moment, clock.now()))
        try await desk.run(until: moment + .seconds(60))
      }
      // A server that is down is not asked for every notice: the circuit is open.
      #expect(sender.attempts < 150, "\(sender.attempts)")
      try await desk.run()
      let counts = sender.received.reduce(into: [NoticeID: Int]()) { counts, message in
        for id in message.notices { counts[id, default: 0] += 1 }
      }
      #expect(Set(counts.keys) == Set(ids))
      let doubles = sender.received.filter { counts[$0.carrier] ?? 0 > 1 }
      #expect(doubles.count == (trouble == .silent ? 2 : 0))
      #expect(doubles.map(\.isRepeated) == (trouble == .silent ? [false, true] : []))
      for recipient in 0..<5 {
        let lane = Lane.mail("r\(recipient)@acme.test")
        var got = sender.notices(on: lane)
        if trouble == .silent, got.first == got.dropFirst().first { got.removeFirst() }
        #expect(got == ids.enumerated().filter { $0.offset % 5 == recipient }.map(\.element))
      }
      let passed = bench.clock.now() - recovery
      #expect(passed < .seconds(420), "\(passed): the longest wait and the circuit")
    }
  }
}
