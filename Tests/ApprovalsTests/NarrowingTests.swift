internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Approving less than was asked for, over the wire", .serialized)
struct NarrowingTests {
  private typealias Grants = ApprovalsV1.GrantService

  private static let narrowed = CommonV1.Terms(
    scope: .init(resources: ["mailboxes/alice/inbox"], actions: [.read]),
    duration: .init(seconds: 1_800))

  @Test("the engineer gets what was approved: in the record, the event, the grant and the store")
  func granted() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let last = lockbox.store.database.feed.last
      var record = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      #expect(
        record.terms
          == .init(
            scope: record.accessRequest?.scope, duration: record.accessRequest?.duration))
      record = try await lockbox.decide(
        opened, .approve, stage: 1, as: lockbox.owner(), terms: Self.narrowed)
      #expect(record.terms == Self.narrowed)
      #expect(record.decisions.map(\.terms) == [nil, Self.narrowed])
      let grant = try #require(record.grant)
      #expect(grant.scope == Self.narrowed.scope)
      #expect(grant.endTime == .init(lockbox.clock.now() + .minutes(30)))
      let told = try await lockbox.events(after: last).compactMap { event -> CommonV1.Grant? in
        guard case .accessRequestApproved(let approved) = event.payload else { return nil }
        return approved.grant
      }
      #expect(told == [grant])
      // Read again from the store, as a restart would.
      let stored = try await lockbox.store.read { try $0.request(opened.record.request.id) }
      #expect(stored?.record.grant?.scope == Scope(Self.narrowed.scope))
      #expect(stored?.record.decisions.last?.terms == Terms(Self.narrowed))
    }
  }

  @Test("nobody approves more than stands, and a denial has no terms")
  func refused() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      var wide = Self.narrowed
      wide.scope?.actions = [.read, .write]
      await expectRefusal(.failedPrecondition, "TERMS_TOO_WIDE", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager(), terms: wide)
      }
      var far = Self.narrowed
      far.startTime = .init(lockbox.clock.now() + Limits.furthestStart + .seconds(1))
      await expectRefusal(.failedPrecondition, "START_TOO_FAR", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager(), terms: far)
      }
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await lockbox.decide(
          opened, .deny, stage: 0, as: lockbox.manager(), terms: Self.narrowed)
      }
      let stored = try await lockbox.store.read { try $0.request(opened.record.request.id) }
      #expect(stored?.record.decisions.isEmpty == true)
    }
  }

  @Test("before its window a grant gives no token and is not listed as live")
  func window() async throws {
    try await ApprovalsFixture.run { lockbox in
      let engineer = Subject(issuer: lockbox.installation.provider.url, id: "erin")
      let opened = try await lockbox.store.open(at: lockbox.clock.now(), engineer: engineer)
      let start = lockbox.clock.now() + .hours(20)
      var terms = Self.narrowed
      terms.startTime = .init(start)
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      let record = try await lockbox.decide(
        opened, .approve, stage: 1, as: lockbox.owner(), terms: terms)
      let grant = try #require(record.grant)
      #expect(grant.startTime == .init(start))

      func live() async throws -> [String] {
        try await lockbox.people.unary(
          Grants.listGrants, .init(liveOnly: true), options: lockbox.engineer()
        ).grants.compactMap(\.grant?.grantID)
      }
      lockbox.clock.set(start - .nanoseconds(1))
      #expect(try await live() == [])
      await expectRefusal(.failedPrecondition, "GRANT_NOT_STARTED", state: "APPROVED") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          Grants.issueAccessToken, .init(grantID: grant.grantID), options: lockbox.engineer())
      }
      lockbox.clock.set(start)
      #expect(try await live() == [grant.grantID])
      let issued = try await lockbox.people.unary(
        Grants.issueAccessToken, .init(grantID: grant.grantID), options: lockbox.engineer())
      #expect(issued.expireTime == .init(start + .minutes(10)))
    }
  }
}
