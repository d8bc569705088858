internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Decisions over the wire", .serialized)
struct DecisionTests {
  @Test("each stage waits for its quorum of distinct people, then access is granted")
  func quorum() async throws {
    try await ApprovalsFixture.run(Sample.tenant(quorum: 2), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let last = lockbox.store.database.feed.last
      var record = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m1"))
      #expect(record.state == .awaitingProvider && record.stages.map(\.approvals) == [1, 0])
      record = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m2"))
      #expect(record.state == .awaitingCustomer && record.openStage == 1)
      record = try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner("o1"))
      #expect(record.grant == nil)
      // By name rather than by group.
      record = try await lockbox.decide(
        opened, .approve, stage: 1, as: lockbox.owner("oda", groups: []), comment: "fine")
      #expect(record.state == .approved && record.decisions.count == 4)
      #expect(record.decisions.last?.comment == "fine")
      #expect(record.grant?.endTime == .init(lockbox.clock.now() + .hours(3)))
      let kinds = try await lockbox.events(after: last).map { event in
        switch event.payload {
        case .decisionRecorded: "decided"
        case .stageOpened: "opened"
        case .accessRequestApproved: "approved"
        default: "other"
        }
      }
      #expect(kinds == ["decided", "decided", "opened", "decided", "decided", "approved"])
    }
  }

  @Test("the same decision again gets the same answer and no event; another one is refused")
  func twice() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let first = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      let last = lockbox.store.database.feed.last
      lockbox.clock.advance(by: .seconds(1))
      let again = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      #expect(again == first && lockbox.store.database.feed.last == last)
      await expectRefusal(.alreadyExists, "ALREADY_DECIDED", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.decide(opened, .deny, stage: 0, as: lockbox.manager())
      }
      #expect(lockbox.store.database.feed.last == last)
    }
  }

  @Test("a denial ends the request")
  func denial() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let denied = try await lockbox.decide(opened, .deny, stage: 0, as: lockbox.manager())
      #expect(denied.state == .denied && denied.deadline == nil)
      await expectRefusal(.failedPrecondition, "REQUEST_CLOSED", state: "DENIED") {
        () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("max"))
      }
    }
  }

  @Test("a decision just before the deadline counts; at the deadline it has no effect (I3)")
  func deadline() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let deadline = try #require(opened.record.deadline)
      lockbox.clock.set(deadline - .nanoseconds(1))
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m1"))
      lockbox.clock.set(deadline)
      let last = lockbox.store.database.feed.last
      await expectRefusal(.failedPrecondition, "REQUEST_EXPIRED", state: "EXPIRED") {
        () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m2"))
      }
      let shown = try await lockbox.people.unary(
        ApprovalsV1.ApprovalsService.getAccessRequest,
        .init(requestID: opened.record.request.id.description), options: lockbox.manager())
      #expect(shown.accessRequest?.state == .expired)
      #expect(lockbox.store.database.feed.last == last)
    }
  }

  @Test("a clock that went back revives nothing, grants nothing, and still lets access be ended")
  func clock() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      lockbox.clock.advance(by: .seconds(-60))
      await expectRefusal(.unavailable, "CLOCK_WENT_BACK") { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      }
      await expectRefusal(.unavailable, "CLOCK_WENT_BACK") { () async throws(RPCError) in
        try await lockbox.people.unary(
          ApprovalsV1.GrantService.issueAccessToken, .init(grantID: grant),
          options: lockbox.engineer())
      }
      let revoked = try await lockbox.people.unary(
        ApprovalsV1.ApprovalsService.revokeGrant, .init(grantID: grant), options: lockbox.owner())
      #expect(revoked.accessRequest?.state == .revoked)
    }
  }

  @Test("nobody decides on their own request, at a stage not theirs, or on another tenant's")
  func strangers() async throws {
    try await ApprovalsFixture.run { lockbox in
      try await lockbox.store.prepare(Sample.tenant(Sample.fabrikam))
      let provider = lockbox.installation.provider
      let own = try await lockbox.store.open(
        at: lockbox.clock.now(), engineer: Subject(issuer: provider.url, id: "mia"))
      let foreign = try await lockbox.store.open(at: lockbox.clock.now(), tenant: Sample.fabrikam)
      try await lockbox.store.decide(foreign, .approve, stage: 0, by: Sample.manager("m9"))
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(own, .approve, stage: 0, as: lockbox.manager("mia"))
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(own, .approve, stage: 0, as: lockbox.owner())
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(
          own, .approve, stage: 0,
          as: lockbox.installation.bearer(provider, "stranger", [.manager], groups: ["cooks"]))
      }
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await lockbox.decide(foreign, .approve, stage: 1, as: lockbox.owner())
      }
      await expectRefusal(.failedPrecondition, "STAGE_NOT_OPEN", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.decide(own, .approve, stage: 1, as: lockbox.owner())
      }
    }
  }

  @Test("a decision binds to the digest and the stage that the person saw (I9)")
  func digest() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      await expectRefusal(.failedPrecondition, "DIGEST_MISMATCH", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.decide(
          opened, .approve, stage: 0, as: lockbox.manager(),
          digest: [UInt8](repeating: 0, count: 32))
      }
      for stage: UInt32 in [9, .max] {
        await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
          try await lockbox.decide(opened, .approve, stage: stage, as: lockbox.manager())
        }
      }
    }
  }

  @Test("with lockbox off the managers' word is the last one")
  func lockboxOff() async throws {
    try await ApprovalsFixture.run(Sample.tenant(enabled: false, longestAccess: .hours(1))) {
      lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let record = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      #expect(record.state == .approved)
      // The tenant's limit cuts what was asked for.
      #expect(record.grant?.endTime == .init(lockbox.clock.now() + .hours(1)))
    }
  }
}
