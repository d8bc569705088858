internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Expiry

/// What every store must do.
@Suite("Expiry stores", .serialized)
struct StoreConformanceTests {
  struct Planned: Error {}

  @Test(
    "a deadline comes back with every field, and a newer one takes its place",
    arguments: StoreKind.allCases)
  func roundTrip(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let due = bench.clock.now() + .nanoseconds(1)
      let stage = Deadline.stage(3, due: due)
      try await bench.set(stage)
      #expect(try await bench.store.read { try $0.deadline(of: stage.request) } == stage)
      let grant = Deadline.grant(due: due + .hours(1), of: stage.request)
      try await bench.set(grant)
      #expect(try await bench.store.read { try $0.deadline(of: stage.request) } == grant)
      #expect(try await bench.store.read { try $0.count(dueBy: .distantFuture) } == 1)
      try await bench.store.write { try $0.remove(stage.request) }
      #expect(try await bench.store.read { try $0.deadline(of: stage.request) } == nil)
    }
  }

  @Test("deadlines come earliest first, page by page", arguments: StoreKind.allCases)
  func order(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let all = (0..<12).map { Deadline.stage(due: now + .seconds($0 / 3)) }
      for deadline in all.shuffled() { try await bench.set(deadline) }
      let sorted = all.sorted { $0.position < $1.position }
      var seen: [Deadline] = []
      repeat {
        let after = seen.last?.position
        let page = try await bench.store.read { try $0.deadlines(after: after, limit: 5) }
        if page.isEmpty { break }
        seen += page
        // What comes in before the page is not seen, and moves nothing.
        try await bench.set(.stage(due: now - .seconds(1)))
      } while true
      #expect(seen == sorted)
      #expect(try await bench.store.read { try $0.count(dueBy: now + .seconds(1)) } == 9)
      #expect(try await bench.store.read { try $0.count(dueBy: now - .seconds(2)) } == 0)
    }
  }

  @Test("a write that throws leaves nothing, not even a sequence", arguments: StoreKind.allCases)
  func rollback(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let deadline = Deadline.stage(due: bench.clock.now())
      try await bench.set(deadline)
      let other = Deadline.stage(due: bench.clock.now())
      await #expect(throws: Planned.self) {
        try await bench.store.write { transaction in
          try transaction.set(other)
          try transaction.fire(deadline.request)
          try transaction.advanceCursor(of: "approvals", from: 0, to: 2)
          throw Planned()
        }
      }
      try await bench.store.read { store throws in
        #expect(try store.deadlines(after: nil, limit: 9) == [deadline])
        #expect(try store.fired() == 0)
        #expect(try store.cursor(of: "approvals") == 0)
      }
      try await bench.store.write { try $0.fire(deadline.request) }
      #expect(try await bench.firings() == [deadline.request])
      #expect(try await bench.store.read { try $0.fired() } == 1)
    }
  }

  @Test("a cursor moves only from where it stands", arguments: StoreKind.allCases)
  func cursors(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await bench.store.write { try $0.advanceCursor(of: "approvals", from: 0, to: 7) }
      await #expect(throws: (any Error).self) {
        try await bench.store.write { try $0.advanceCursor(of: "approvals", from: 6, to: 8) }
      }
      #expect(try await bench.store.read { try $0.cursor(of: "approvals") } == 7)
    }
  }

  @Test("time never goes back", arguments: StoreKind.allCases)
  func time(kind: StoreKind) async throws {
    try await kind.withStore { bench async throws in
      let start = bench.clock.now()
      #expect(try await bench.store.write { $0.now } == start)
      bench.clock.advance(by: .hours(-1))
      #expect(try await bench.store.write { $0.now } == start)
      #expect(bench.store.timeMark.mark == start)
    }
  }

  /// What approvals' events make of the deadline of one request.
  @Test(
    "each open stage and each live grant has a deadline, and nothing else",
    arguments: StoreKind.allCases)
  func events(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      let request = RequestID.make(at: now)
      let grant = GrantID.make(at: now)
      let due = GoogleProtobuf.Timestamp(now + .hours(1))
      let stage = Deadline.stage(1, due: now + .hours(1), of: request)
      let live = Deadline(
        request: request, tenant: Deadline.contoso, kind: .grant(grant), due: now + .hours(1))
      let opened = EventV1.Event.Payload.stageOpened(.init(stage: 1, deadline: due))
      let approved = EventV1.Event.Payload.accessRequestApproved(
        .init(grant: .init(grantID: grant.description, endTime: due)))
      let steps: [(EventV1.Event.Payload, Deadline?, firings: Int)] = [
        (.accessRequestOpened(.init()), nil, 0), (opened, stage, 0),
        (.decisionRecorded(.init()), stage, 0), (approved, live, 0),
        (.accessTokenIssued(.init()), live, 0), (.grantRevoked(.init()), nil, 0),
        (opened, stage, 0),
        (.accessRequestDenied(.init()), nil, 0), (opened, stage, 0),
        (.accessRequestWithdrawn(.init()), nil, 0), (opened, stage, 0),
        (.accessRequestExpired(.init()), nil, 1), (.accessRequestExpired(.init()), nil, 1),
        (approved, live, 1), (.grantEnded(.init(reason: .returned)), nil, 1), (approved, live, 1),
        (.grantEnded(.init(reason: .windowEnded)), nil, 2),
        (.grantEnded(.init(reason: .windowEnded)), nil, 2),
      ]
      for (number, step) in steps.enumerated() {
        let event = EventV1.Event(
          feed: "approvals", tenantID: "contoso", requestID: request.description,
          payload: step.0)
        try await bench.store.write { try $0.applyApprovals(event) }
        let found = try await bench.store.read { try $0.deadline(of: request) }
        #expect(found == step.1, "step \(number)")
        #expect(try await bench.firings().count == step.firings, "step \(number)")
      }
    }
  }

  @Test("an event that cannot be read stops the feed", arguments: StoreKind.allCases)
  func unreadable(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let request = RequestID.make(at: bench.clock.now()).description
      let due = GoogleProtobuf.Timestamp(bench.clock.now())
      let events: [EventV1.Event] = [
        .init(tenantID: "contoso", requestID: request, payload: .stageOpened(.init(stage: 1))),
        .init(tenantID: "Contoso", requestID: request, payload: .stageOpened(.init(deadline: due))),
        .init(tenantID: "contoso", requestID: "x", payload: .stageOpened(.init(deadline: due))),
        .init(tenantID: "contoso", requestID: request, payload: .accessRequestApproved(.init())),
        .init(payload: .accessRequestExpired(.init())),
      ]
      for event in events {
        await #expect(throws: StoredMessageError.self) {
          try await bench.store.write { try $0.applyApprovals(event) }
        }
      }
    }
  }
}
