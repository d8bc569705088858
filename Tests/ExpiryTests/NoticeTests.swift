internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Expiry

@Suite("Notices before a deadline", .serialized)
struct NoticeTests {
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

  private func stored(
    _ deadline: Deadline, _ bench: StoreBench<any ExpiryStore>
  ) async throws -> Deadline? {
    try await bench.store.read { try $0.deadline(of: deadline.request) }
  }

  @Test(
    "a notice that is due is asked for, and the time of the next one kept; the deadline stays",
    arguments: StoreKind.allCases)
  func announces(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      var deadline = Deadline.stage(2, due: now + .hours(4))
      deadline.notice = now
      var later = Deadline.stage(due: now + .hours(4))
      later.notice = now + .hours(1)
      try await bench.set(deadline, later, .stage(due: now + .hours(1)))
      let target = FakeTarget()
      target.announce { stage, _ in
        .success(stage == 2 ? now + .hours(3) : nil)
      }
      let first = deadline
      let second = later
      try await withLoop(bench, target) { loop async throws in
        var next = first
        next.notice = now + .hours(3)
        let expected = next
        #expect(try await eventually { try await stored(first, bench) == expected })
        #expect(target.announced == [first.request])
        bench.clock.advance(by: .hours(1) - .nanoseconds(1))
        loop.deadlinesChanged()
        #expect(try await stored(second, bench) == second)
        bench.clock.advance(by: .nanoseconds(1))
        loop.deadlinesChanged()
        #expect(
          try await eventually { try await stored(second, bench)?.notice == nil })
        #expect(try await stored(second, bench)?.due == second.due)
      }
      #expect(target.announced == [first.request, second.request])
    }
  }

  @Test(
    "approvals down: a notice waits, and is asked for again", arguments: StoreKind.allCases)
  func retries(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      var deadline = Deadline.stage(due: now + .hours(4))
      deadline.notice = now - .seconds(1)
      let first = deadline
      try await bench.set(first)
      let target = FakeTarget()
      target.announce { _, _ in .failure(RPCError(.unavailable, "down")) }
      try await withLoop(bench, target) { _ async throws in
        #expect(await eventually { target.announced.count >= 2 })
        #expect(try await stored(first, bench) == first)
        target.announce { _, _ in .success(nil) }
        #expect(try await eventually { try await stored(first, bench)?.notice == nil })
      }
    }
  }

  // Breaks when `announceDue` keeps the time that approvals names as it is.
  @Test("an approvals whose clock is behind is not asked without a pause")
  func clockBehind() async throws {
    try await StoreKind.memory.withStore { bench in
      let now = bench.clock.now()
      var deadline = Deadline.stage(due: now + .hours(4))
      deadline.notice = now
      let first = deadline
      try await bench.set(first)
      let target = FakeTarget()
      target.announce { _, _ in .success(now) }
      try await withLoop(bench, target) { _ async throws in
        let paused = now + FiringLoop.noticeInterval
        #expect(try await eventually { try await stored(first, bench)?.notice == paused })
      }
      #expect(target.announced.count == 1)
    }
  }

  @Test(
    "a deadline that is due comes before notices that are", arguments: StoreKind.allCases)
  func deadlinesFirst(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      var waiting = Deadline.stage(due: now + .hours(4))
      waiting.notice = now - .hours(1)
      let due = Deadline.stage(due: now)
      try await bench.set(waiting, due)
      let target = FakeTarget()
      target.announce { _, _ in
        .success(target.told.isEmpty ? nil : now + .hours(1))
      }
      let first = waiting
      try await withLoop(bench, target) { _ async throws in
        #expect(
          try await eventually { try await stored(first, bench)?.notice == now + .hours(1) })
      }
    }
  }

  @Test("a stage's notice comes from approvals' feed", arguments: StoreKind.allCases)
  func feed(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let request = RequestID.make(at: now)
      @Sendable func opened(_ stage: UInt32, notice: Timestamp?) -> EventV1.Event {
        EventV1.Event(
          feed: "approvals", sequence: 1, eventID: EventID.make(at: now).description,
          time: .init(now), tenantID: "contoso", requestID: request.description,
          payload: .stageOpened(
            .init(
              stage: stage, deadline: .init(now + .hours(2)),
              nextNoticeTime: notice.map { .init($0) })))
      }
      for notice in [now + .hours(1), nil] {
        try await bench.store.write { try $0.applyApprovals(opened(1, notice: notice)) }
        let deadline = try await bench.store.read { try $0.deadline(of: request) }
        #expect(deadline?.notice == notice && deadline?.due == now + .hours(2))
        let next = try await bench.store.read { try $0.nextNotice() }
        #expect(next == notice)
      }
    }
  }

  @Test("notices come earliest first, up to a moment", arguments: StoreKind.allCases)
  func order(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      var all: [Deadline] = []
      for index in 0..<6 {
        var deadline = Deadline.stage(due: now + .hours(4))
        deadline.notice = index == 5 ? nil : now + .seconds(index)
        all.append(deadline)
      }
      for deadline in all.shuffled() { try await bench.set(deadline) }
      let expected = Array(all.prefix(3))
      try await bench.store.read { store throws in
        #expect(try store.deadlines(withNoticeBy: now + .seconds(2), limit: 10) == expected)
        #expect(try store.deadlines(withNoticeBy: now + .seconds(9), limit: 2).count == 2)
        #expect(try store.deadlines(withNoticeBy: now - .seconds(1), limit: 10).isEmpty)
        #expect(try store.nextNotice() == now)
      }
    }
  }
}
