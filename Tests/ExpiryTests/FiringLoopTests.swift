internal import Domain
internal import ProtobufC
internal import RPC
internal import TestKit
internal import Testing

@testable internal import Expiry

@Suite("The firing loop", .serialized)
struct FiringLoopTests {
  /// Runs a loop while the body runs.
  private func withLoop(
    _ bench: StoreBench<any ExpiryStore>, _ target: FakeTarget,
    _ body: (FiringLoop) async throws -> Void
  ) async throws {
    let loop = FiringLoop(
      store: bench.store, target: target, clock: bench.clock, logger: LogCapture().logger())
    let task = Task { try await loop.run() }
    do {
      try await body(loop)
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(
    "what is due is told, once and in order; what is not due waits",
    arguments: StoreKind.allCases)
  func fires(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let due = (0..<20).map { Deadline.stage($0, due: now - .seconds(20 - $0)) }
      let atOnce = Deadline.grant(due: now)
      let later = Deadline.grant(due: now + .nanoseconds(1))
      for deadline in due.shuffled() + [atOnce, later] { try await bench.set(deadline) }
      let target = FakeTarget()
      try await withLoop(bench, target) { loop async throws in
        #expect(await eventually { target.told.count >= 21 })
        #expect(await eventually { loop.lastLateness != nil })
        #expect(try await bench.firings() == (due + [atOnce]).map(\.request))
        #expect(Set(target.told) == Set(due + [atOnce]) && target.told.count == 21)
        bench.clock.advance(by: .nanoseconds(1))
        #expect(await eventually { target.told.last == later })
        #expect(
          try await eventually { try await bench.firings().last == later.request })
      }
      #expect(target.told.count == 22)
    }
  }

  @Test(
    "a deadline that comes in wakes a loop that would sleep for an hour",
    arguments: StoreKind.allCases)
  func wakes(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let target = FakeTarget()
      try await withLoop(bench, target) { loop async throws in
        for _ in 0..<3 {
          let deadline = Deadline.stage(due: bench.clock.now())
          try await bench.set(deadline)
          loop.deadlinesChanged()
          #expect(await eventually { target.told.last == deadline })
        }
      }
    }
  }

  @Test(
    "what approvals does not take is told again, and the others do not wait for it",
    arguments: StoreKind.allCases)
  func retries(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let stuck = Deadline.stage(due: now - .seconds(2))
      let other = Deadline.stage(due: now - .seconds(1))
      try await bench.set(stuck, other)
      let target = FakeTarget()
      target.answer { deadline in
        deadline == stuck ? .failure(RPCError(.unavailable, "down")) : .success(.ended)
      }
      try await withLoop(bench, target) { _ async throws in
        #expect(await eventually { target.told.count { $0 == stuck } >= 2 })
        #expect(try await bench.firings() == [other.request])
        #expect(try await bench.store.read { try $0.deadline(of: stuck.request) } == stuck)
        target.set(down: false)
        #expect(
          try await eventually {
            try await bench.firings() == [other.request, stuck.request]
          })
      }
      #expect(target.told.count { $0 == other } == 1)
    }
  }

  @Test("a restart finds every deadline that was not taken", arguments: StoreKind.allCases)
  func restarts(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let deadline = Deadline.grant(due: bench.clock.now())
      try await bench.set(deadline)
      let target = FakeTarget()
      target.set(down: true)
      try await withLoop(bench, target) { _ async throws in
        #expect(await eventually { !target.told.isEmpty })
      }
      #expect(try await bench.firings().isEmpty)
      target.set(down: false)
      try await withLoop(bench, target) { _ async throws in
        #expect(try await eventually { try await bench.firings() == [deadline.request] })
      }
    }
  }

  @Test(
    "a clock set forward fires, one set back fires nothing and revives nothing",
    arguments: StoreKind.allCases)
  func clockSteps(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let start = bench.clock.now()
      let soon = Deadline.stage(due: start + .hours(1))
      let later = Deadline.stage(due: start + .hours(3))
      try await bench.set(soon, later)
      let target = FakeTarget()
      try await withLoop(bench, target) { loop async throws in
        bench.clock.advance(by: .hours(2))
        #expect(try await eventually { try await bench.firings() == [soon.request] })
        bench.clock.set(start)
        // Due by the time that was seen already, though not by the clock.
        let past = Deadline.stage(due: start + .hours(2))
        try await bench.set(past)
        loop.deadlinesChanged()
        #expect(
          try await eventually { try await bench.firings() == [soon.request, past.request] })
        #expect(!target.told.contains(later))
        bench.clock.set(later.due)
        #expect(try await eventually { try await bench.firings().last == later.request })
      }
      #expect(target.told.count == 3)
    }
  }

  @Test(
    "whichever tells first, approvals' answer or its event, the feed says it once",
    arguments: StoreKind.allCases)
  func once(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let deadline = Deadline.stage(due: bench.clock.now())
      try await bench.set(deadline)
      let store = bench.store
      let target = FakeTarget()
      // The event comes in before the answer.
      target.answer { deadline in
        do {
          try await store.write { try $0.fire(deadline.request) }
          return .success(.ended)
        } catch {
          return .failure(RPCError(.internal, "\(error)"))
        }
      }
      try await withLoop(bench, target) { loop async throws in
        #expect(await eventually { loop.lastLateness != nil })
      }
      // And once more after it.
      try await store.write { try $0.fire(deadline.request) }
      #expect(try await bench.firings() == [deadline.request])
      #expect(target.told == [deadline])
      #expect(try await store.read { try $0.fired() } == 1)
    }
  }

  @Test(
    "a deadline that was met before it could be told has not fired",
    arguments: StoreKind.allCases)
  func met(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let deadline = Deadline.stage(0, due: bench.clock.now())
      try await bench.set(deadline)
      let target = FakeTarget()
      target.answer { _ in .success(.met) }
      try await withLoop(bench, target) { _ async throws in
        #expect(
          try await eventually {
            try await bench.store.read { try $0.deadline(of: deadline.request) } == nil
          })
      }
      #expect(try await bench.firings().isEmpty && target.told == [deadline])
      #expect(try await bench.store.read { try $0.fired() } == 0)
    }
  }

  @Test("a deadline that changed while the old one was told stays", arguments: StoreKind.allCases)
  func replaced(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let first = Deadline.stage(0, due: now)
      let second = Deadline.stage(1, due: now + .hours(1), of: first.request)
      try await bench.set(first)
      let target = FakeTarget()
      let store = bench.store
      target.answer { _ in
        do {
          try await store.write { try $0.set(second) }
          return .success(.met)
        } catch {
          return .failure(RPCError(.internal, "\(error)"))
        }
      }
      try await withLoop(bench, target) { loop async throws in
        #expect(await eventually { loop.lastLateness != nil })
      }
      #expect(try await store.read { try $0.deadlines(after: nil, limit: 9) } == [second])
      #expect(target.told == [first])
    }
  }
}
