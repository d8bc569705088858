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

@Suite("Grants over the wire", .serialized)
struct GrantTests {
  private typealias Grants = ApprovalsV1.GrantService

  private func isToken(_ event: EventV1.Event) -> Bool {
    if case .accessTokenIssued = event.payload { true } else { false }
  }

  @Test("a token carries its receipt, is told of, and ends no later than the grant")
  func token() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant)
      let request = ApprovalsV1.IssueAccessTokenRequest(grantID: grant.id.description)
      let first = try await lockbox.people.unary(
        Grants.issueAccessToken, request, options: lockbox.engineer())
      #expect(first.accessToken.split(separator: ".").count == 3)
      #expect(first.expireTime == .init(lockbox.clock.now() + .minutes(10)))
      let event = try #require(granted.approvalEvent)
      #expect(lockbox.receipts.asked == [event])
      #expect(first.receipt?.entry == Array(event.description.utf8))
      lockbox.clock.set(grant.end - .seconds(60))
      let last = try await lockbox.people.unary(
        Grants.issueAccessToken, request, options: lockbox.engineer())
      #expect(last.expireTime == .init(grant.end))
      let events = try await lockbox.events().filter(isToken)
      #expect(events.count == 2 && events.allSatisfy { $0.tenantID == "contoso" })
      lockbox.clock.set(grant.end)
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE", state: "ENDED") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          Grants.issueAccessToken, request, options: lockbox.engineer())
      }
    }
  }

  @Test("without audit there is no token and no event of one (I6, I11)")
  func auditDown() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      lockbox.receipts.set(down: true)
      await expectRefusal(.unavailable, "AUDIT_UNAVAILABLE") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Grants.issueAccessToken, .init(grantID: grant), options: lockbox.engineer())
      }
      #expect(try await lockbox.events().filter(isToken).isEmpty)
      // Decisions stay open.
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("max"))
    }
  }

  @Test("a grant that is revoked while the receipt is waited for gives no token (I7)")
  func revokedMeanwhile() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      let store = lockbox.store
      lockbox.receipts.meanwhile {
        _ = try await store.apply(
          .revoke(by: Sample.owner("oda")), to: granted.record.request.id)
      }
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE", state: "REVOKED") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          Grants.issueAccessToken, .init(grantID: grant), options: lockbox.engineer())
      }
      #expect(try await lockbox.events().filter(isToken).isEmpty)
    }
  }

  @Test("a grant is one engineer's: to others it does not exist")
  func others() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      let other = lockbox.engineer("emil")
      for id in [grant, GrantID.make(at: lockbox.clock.now()).description, "no-id", ""] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Grants.issueAccessToken, .init(grantID: id), options: other)
        }
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(Grants.returnGrant, .init(grantID: id), options: other)
        }
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(Grants.getGrant, .init(grantID: id), options: other)
        }
      }
      let list = try await lockbox.people.unary(Grants.listGrants, .init(), options: other)
      #expect(list.grants.isEmpty)
    }
  }

  @Test("the engineer gives a grant back; again it is the same")
  func returned() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      let first = try await lockbox.people.unary(
        Grants.returnGrant, .init(grantID: grant), options: lockbox.engineer())
      #expect(first.grant?.state == .ended)
      let last = lockbox.store.database.feed.last
      let again = try await lockbox.people.unary(
        Grants.returnGrant, .init(grantID: grant), options: lockbox.engineer())
      #expect(again == first && lockbox.store.database.feed.last == last)
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE", state: "ENDED") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          ApprovalsV1.ApprovalsService.revokeGrant, .init(grantID: grant),
          options: lockbox.owner())
      }
    }
  }

  @Test("the customer revokes, with a comment that the event keeps")
  func revoked() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          ApprovalsV1.ApprovalsService.revokeGrant, .init(grantID: grant),
          options: lockbox.manager())
      }
      for who in [lockbox.owner(), lockbox.admin()] {
        let record = try await lockbox.people.unary(
          ApprovalsV1.ApprovalsService.revokeGrant,
          .init(grantID: grant, comment: "enough"), options: who)
        #expect(record.accessRequest?.state == .revoked)
      }
      let events = try await lockbox.events()
      #expect(
        events.compactMap { event -> String? in
          guard case .grantRevoked(let revoked) = event.payload else { return nil }
          return "\(event.actor?.subject?.id ?? "") \(revoked.comment)"
        } == ["oda enough"])
    }
  }

  @Test("only live grants are listed where only they are wanted")
  func list() async throws {
    try await ApprovalsFixture.run { lockbox in
      let first = try await lockbox.granted()
      lockbox.clock.advance(by: .hours(2))
      let second = try await lockbox.granted()
      lockbox.clock.set(try #require(first.record.grant?.end))
      func ids(liveOnly: Bool) async throws -> [String] {
        let page = try await lockbox.people.unary(
          Grants.listGrants, .init(tenantID: "contoso", liveOnly: liveOnly),
          options: lockbox.owner())
        return page.grants.compactMap(\.grant?.grantID)
      }
      let expected = [second, first].compactMap { $0.record.grant?.id.description }
      #expect(try await ids(liveOnly: false) == expected)
      #expect(try await ids(liveOnly: true) == [expected[0]])
    }
  }
}
