internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Break-glass over the wire", .serialized)
struct BreakGlassTests {
  private typealias API = ApprovalsV1.ApprovalsService

  private func run(_ body: (ApprovalsFixture) async throws -> Void) async throws {
    try await ApprovalsFixture.run(Sample.breakGlassTenant, Sample.breakGlassPolicy, body)
  }

  private func open(_ lockbox: ApprovalsFixture) async throws -> StoredRequest {
    try await lockbox.store.open(
      at: lockbox.clock.now(),
      engineer: Subject(issuer: lockbox.installation.provider.url, id: "erin"),
      duration: .minutes(20), isBreakGlass: true)
  }

  /// Opened, and let through by two managers.
  private func used(_ lockbox: ApprovalsFixture) async throws -> ApprovalsV1.AccessRequestRecord {
    let opened = try await open(lockbox)
    _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("max"))
    return try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("mia"))
  }

  private func close(
    _ record: ApprovalsV1.AccessRequestRecord, _ verdict: CommonV1.ReviewVerdict,
    as who: CallOptions, in lockbox: ApprovalsFixture, comment: String = "as we were told"
  ) async throws(RPCError) -> ApprovalsV1.AccessRequestRecord {
    try await lockbox.people.unary(
      API.closeReview,
      .init(
        requestID: record.accessRequest?.requestID ?? "", verdict: verdict, comment: comment),
      options: who
    ).accessRequest ?? .init()
  }

  private func openReviews(
    as who: CallOptions, in lockbox: ApprovalsFixture
  ) async throws -> [ApprovalsV1.AccessRequestRecord] {
    try await lockbox.people.unary(
      API.listAccessRequests, .init(openReviewsOnly: true), options: who
    ).accessRequests
  }

  @Test("two managers give access at once, and everything says how")
  func used() async throws {
    try await run { lockbox in
      let record = try await used(lockbox)
      let grant = try #require(record.grant)
      #expect(record.state == .approved && grant.breakGlass)
      #expect(record.stages.map(\.side) == [.provider])
      #expect(grant.endTime == .init(lockbox.clock.now() + .minutes(20)))
      let due = lockbox.clock.now() + .minutes(20) + .hours(72)
      #expect(record.review == .init(dueTime: .init(due)))
      let events = try await lockbox.events()
      guard
        case .breakGlassOpened(let opened) = events.first(where: {
          if case .breakGlassOpened = $0.payload { true } else { false }
        })?.payload,
        case .breakGlassUsed(let used) = events.last?.payload
      else {
        Issue.record("no notices")
        return
      }
      #expect(opened.contacts == Sample.breakGlassTenant.contacts && opened.engineer?.id == "erin")
      #expect(used.contacts == Sample.breakGlassTenant.contacts && used.grant == grant)
      #expect(used.reviewDueTime == .init(due))
      // Each notice is a tenant's event: it stands in the tenant's log.
      #expect(events.suffix(3).allSatisfy { $0.tenantID == "contoso" })
      let listed = try await lockbox.people.unary(
        ApprovalsV1.GrantService.listGrants, .init(liveOnly: true), options: lockbox.owner())
      #expect(listed.grants.map { $0.grant?.breakGlass } == [true])
      let token = try await lockbox.people.unary(
        ApprovalsV1.GrantService.issueAccessToken, .init(grantID: grant.grantID),
        options: lockbox.engineer())
      let payload = try #require(
        Base64URL.decode(token.accessToken.split(separator: ".")[1].utf8))
      #expect(String(decoding: payload, as: UTF8.self).contains(#""break_glass":true"#))
    }
  }

  @Test("one manager, or the engineer, is not enough")
  func alone() async throws {
    try await run { lockbox in
      let opened = try await open(lockbox)
      for _ in 0..<2 {
        let record = try await lockbox.decide(
          opened, .approve, stage: 0, as: lockbox.manager("max"))
        #expect(record.state == .awaitingProvider)
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("erin"))
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.owner())
      }
    }
  }

  @Test("the customer ends it like any other grant")
  func revoked() async throws {
    try await run { lockbox in
      let record = try await used(lockbox)
      let revoked = try await lockbox.people.unary(
        API.revokeGrant, .init(grantID: record.grant?.grantID ?? "", comment: "no"),
        options: lockbox.owner())
      #expect(revoked.accessRequest?.state == .revoked)
      let closed = try await close(record, .disputed, as: lockbox.owner(), in: lockbox)
      #expect(closed.review?.verdict == .disputed && closed.state == .revoked)
    }
  }

  @Test("a review is listed until the customer closes it, once the access is over")
  func review() async throws {
    try await run { lockbox in
      let record = try await used(lockbox)
      let owner = lockbox.owner()
      #expect(try await openReviews(as: owner, in: lockbox).map(\.review) == [record.review])
      await expectRefusal(.failedPrecondition, "GRANT_STILL_LIVE", state: "APPROVED") {
        () async throws(RPCError) in
        try await close(record, .accepted, as: owner, in: lockbox)
      }
      lockbox.clock.advance(by: .minutes(20))
      for who in [lockbox.manager(), lockbox.engineer(), lockbox.operatorOptions()] {
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await close(record, .accepted, as: who, in: lockbox)
        }
      }
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await close(record, .disputed, as: owner, in: lockbox, comment: "")
      }
      let closed = try await close(record, .accepted, as: owner, in: lockbox)
      #expect(closed.review?.verdict == .accepted && closed.review?.reviewer?.id == "oda")
      #expect(closed.review?.comment == "as we were told" && closed.state == .ended)
      #expect(try await close(record, .accepted, as: owner, in: lockbox) == closed)
      await expectRefusal(.failedPrecondition, "REVIEW_CLOSED") { () async throws(RPCError) in
        try await close(record, .disputed, as: lockbox.admin(), in: lockbox)
      }
      #expect(try await openReviews(as: owner, in: lockbox).isEmpty)
      let last = try await lockbox.events().last
      guard case .breakGlassReviewClosed(let event) = last?.payload else {
        Issue.record("no event of the review")
        return
      }
      #expect(event.review == closed.review && last?.actor?.subject?.id == "oda")
    }
  }

  @Test("a request that broke no glass has nothing to review")
  func nothing() async throws {
    try await run { lockbox in
      let granted = try await lockbox.granted()
      let record = try ApprovalsV1.AccessRequestRecord(granted, at: lockbox.clock.now())
      await expectRefusal(.failedPrecondition, "NOTHING_TO_REVIEW") { () async throws(RPCError) in
        try await close(record, .accepted, as: lockbox.owner(), in: lockbox)
      }
      #expect(record.grant?.breakGlass == false && record.review == nil)
    }
  }

  @Test("while a review is overdue the glass is not broken again")
  func overdue() async throws {
    try await run { lockbox in
      let record = try await used(lockbox)
      lockbox.clock.advance(by: .minutes(20) + .hours(72) - .seconds(1))
      #expect(try await open(lockbox).record.state.name == .awaitingProvider)
      lockbox.clock.advance(by: .seconds(1))
      #expect(try await open(lockbox).record.state == .denied)
      guard case .accessRequestDenied(let denied) = try await lockbox.events().last?.payload else {
        Issue.record("no denial")
        return
      }
      #expect(denied.reason == "REVIEW_OVERDUE")
      _ = try await close(record, .accepted, as: lockbox.owner(), in: lockbox)
      #expect(try await open(lockbox).record.state.name == .awaitingProvider)
    }
  }

  @Test("a tenant that does not allow it is asked instead, or nothing happens")
  func notAllowed() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.breakGlassPolicy) { lockbox in
      let opened = try await open(lockbox)
      #expect(opened.record.state == .denied && opened.record.snapshot == nil)
      guard case .accessRequestDenied(let denied) = try await lockbox.events().last?.payload else {
        Issue.record("no denial")
        return
      }
      #expect(denied.reason == "BREAK_GLASS_NOT_ALLOWED")
    }
  }

  @Test("a review comes back with every field", arguments: StoreKind.allCases)
  func stored(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare(Sample.breakGlassTenant, Sample.breakGlassPolicy)
      let opened = try await store.open(at: bench.clock.now(), isBreakGlass: true)
      let id = opened.record.request.id
      #expect(try await store.read { try $0.request(id) } == opened)
      try await store.decide(opened, .approve, stage: 0, by: Sample.manager("max"))
      let granted = try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
      #expect(try await store.read { try $0.request(id) } == granted)
      let due = try #require(granted.record.review).due
      bench.clock.set(due)
      let query = RequestQuery(onlyOpenReviews: true, now: due, limit: 10)
      try await store.read { store throws in
        #expect(try store.requests(query) == [granted])
        #expect(try !store.hasOverdueReview(of: Sample.contoso, at: due - .nanoseconds(1)))
        #expect(try store.hasOverdueReview(of: Sample.contoso, at: due))
        #expect(try !store.hasOverdueReview(of: Sample.fabrikam, at: due))
      }
      let closed = try await store.apply(
        .closeReview(.disputed, by: Sample.owner("oda"), comment: "why"), to: id)
      let read = try await store.read { try $0.request(id) }
      #expect(read == closed && read?.record.review?.closing?.reviewer.displayName == "O oda")
      try await store.read { store throws in
        #expect(try store.requests(query).isEmpty)
        #expect(try !store.hasOverdueReview(of: Sample.contoso, at: due))
      }
    }
  }
}
