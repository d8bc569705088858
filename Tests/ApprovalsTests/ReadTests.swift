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

@Suite("Lists, watches and deadlines over the wire", .serialized)
struct ReadTests {
  private typealias API = ApprovalsV1.ApprovalsService
  private typealias Deadlines = ApprovalsV1.DeadlineService

  @Test("pages follow each other while requests come in, and a token is bound to its list")
  func pages() async throws {
    try await ApprovalsFixture.run { lockbox in
      var expected: [String] = []
      for _ in 0..<5 {
        lockbox.clock.advance(by: .seconds(1))
        let opened = try await lockbox.store.open(at: lockbox.clock.now())
        expected.insert(opened.record.request.id.description, at: 0)
      }
      var seen: [String] = []
      var token = ""
      var middle = ""
      repeat {
        let page = try await lockbox.people.unary(
          API.listAccessRequests,
          .init(pageSize: 2, pageToken: token, states: [.awaitingProvider]),
          options: lockbox.owner())
        seen += page.accessRequests.compactMap { $0.accessRequest?.requestID }
        token = page.nextPageToken
        if !token.isEmpty { middle = token }
        lockbox.clock.advance(by: .seconds(1))
        try await lockbox.store.open(at: lockbox.clock.now())
      } while !token.isEmpty
      #expect(seen == expected)
      let bad: [(ApprovalsV1.ListAccessRequestsRequest, CallOptions)] = [
        (.init(pageToken: "%"), lockbox.owner()), (.init(pageToken: middle), lockbox.owner()),
        (.init(pageToken: middle, states: [.awaitingProvider]), lockbox.manager()),
        (.init(states: [.unspecified]), lockbox.owner()), (.init(pageSize: .max), lockbox.owner()),
      ]
      for (request, who) in bad {
        await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
          try await lockbox.people.unary(API.listAccessRequests, request, options: who)
        }
      }
    }
  }

  @Test("a tenant's people see their tenant only; foreign and missing tenants answer alike (I6)")
  func tenants() async throws {
    try await ApprovalsFixture.run { lockbox in
      try await lockbox.store.prepare(Sample.tenant(Sample.fabrikam))
      let own = try await lockbox.store.open(at: lockbox.clock.now())
      let foreign = try await lockbox.store.open(at: lockbox.clock.now(), tenant: Sample.fabrikam)
      func list(_ tenant: String, _ who: CallOptions) async throws -> Set<String?> {
        let page = try await lockbox.people.unary(
          API.listAccessRequests, .init(tenantID: tenant), options: who)
        return Set(page.accessRequests.map { $0.accessRequest?.requestID })
      }
      let (ownID, foreignID) = (
        own.record.request.id.description, foreign.record.request.id.description
      )
      #expect(try await list("", lockbox.owner()) == [ownID])
      #expect(try await list("contoso", lockbox.owner()) == [ownID])
      #expect(try await list("", lockbox.manager()) == [ownID, foreignID])
      #expect(try await list("fabrikam", lockbox.manager()) == [foreignID])
      for tenant in ["fabrikam", "nobody", "Not A Name"] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            API.listAccessRequests, .init(tenantID: tenant), options: lockbox.owner())
        }
      }
      for id in [foreignID, RequestID.make(at: lockbox.clock.now()).description, "x"] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            API.getAccessRequest, .init(requestID: id), options: lockbox.owner())
        }
      }
    }
  }

  @Test("a watch tells of each change of what its caller may see, and goes on where it stopped")
  func watch() async throws {
    try await ApprovalsFixture.run { lockbox in
      try await lockbox.store.prepare(Sample.tenant(Sample.fabrikam))
      let start = lockbox.store.database.feed.last
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      try await lockbox.store.open(at: lockbox.clock.now(), tenant: Sample.fabrikam)
      func watch(after sequence: UInt64) -> RPCResponses<ApprovalsV1.WatchAccessRequestsResponse> {
        lockbox.people.serverStreaming(
          API.watchAccessRequests, .init(afterSequence: sequence), options: lockbox.owner())
      }
      var iterator = watch(after: start).makeAsyncIterator()
      let first = try #require(try await iterator.next())
      #expect(first.accessRequest?.accessRequest?.tenantID == "contoso")
      #expect(first.accessRequest?.state == .awaitingProvider)
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      let second = try #require(try await iterator.next())
      #expect(second.accessRequest?.state == .awaitingCustomer)
      #expect(second.sequence > first.sequence)
      var again = watch(after: first.sequence).makeAsyncIterator()
      #expect(try await again.next() == second)

      // From now on: only what comes.
      let live = watch(after: 0)
      _ = try await live.metadata
      var news = live.makeAsyncIterator()
      _ = try await lockbox.decide(opened, .deny, stage: 1, as: lockbox.owner())
      #expect(try await news.next()?.accessRequest?.state == .denied)
      for beyond in [second.sequence + 1_000, .max] {
        await expectRefusal(.outOfRange) { () async throws(RPCError) in
          var iterator = watch(after: beyond).makeAsyncIterator()
          return try await iterator.next()
        }
      }
    }
  }

  @Test("a deadline that has not come is not due; at the deadline it ends the request, once")
  func expire() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let request = ApprovalsV1.ExpireAccessRequestRequest(
        requestID: opened.record.request.id.description, stage: 0)
      let deadline = try #require(opened.record.deadline)
      lockbox.clock.set(deadline - .nanoseconds(1))
      await expectRefusal(.failedPrecondition, "NOT_DUE", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.expiry.unary(Deadlines.expireAccessRequest, request)
      }
      lockbox.clock.set(deadline)
      let last = lockbox.store.database.feed.last
      for _ in 0..<2 {
        let answer = try await lockbox.expiry.unary(Deadlines.expireAccessRequest, request)
        #expect(answer.state == .expired)
      }
      // Of a stage that was never open, as of one that is over.
      for stage: UInt32 in [1, .max] {
        let answer = try await lockbox.expiry.unary(
          Deadlines.expireAccessRequest,
          .init(requestID: opened.record.request.id.description, stage: stage))
        #expect(answer.state == .expired)
      }
      #expect(lockbox.store.database.feed.last == last + 1)
      #expect(try await lockbox.events().last?.actor?.authentication == .system)
    }
  }

  @Test("a deadline that was met by a decision changes nothing")
  func met() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      lockbox.clock.set(try #require(opened.record.deadline))
      let last = lockbox.store.database.feed.last
      let answer = try await lockbox.expiry.unary(
        Deadlines.expireAccessRequest,
        .init(requestID: opened.record.request.id.description, stage: 0))
      #expect(answer.state == .awaitingCustomer && lockbox.store.database.feed.last == last)
    }
  }

  @Test("a grant ends at the end of its window, once")
  func endGrant() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant)
      let request = ApprovalsV1.EndGrantRequest(
        requestID: granted.record.request.id.description, grantID: grant.id.description)
      await expectRefusal(.failedPrecondition, "NOT_DUE", state: "APPROVED") {
        () async throws(RPCError) in
        try await lockbox.expiry.unary(Deadlines.endGrant, request)
      }
      lockbox.clock.set(grant.end)
      let last = lockbox.store.database.feed.last
      for _ in 0..<2 {
        #expect(try await lockbox.expiry.unary(Deadlines.endGrant, request).state == .ended)
      }
      #expect(lockbox.store.database.feed.last == last + 1)
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await lockbox.expiry.unary(Deadlines.endGrant, .init(requestID: "x"))
      }
    }
  }

  @Test("a withdrawal from intake ends what waits and what was granted, and is too late else")
  func withdrawals() async throws {
    try await ApprovalsFixture.run { lockbox in
      let store = lockbox.store
      func withdraw(_ stored: StoredRequest) async throws -> RequestState.Name? {
        let id = stored.record.request.id
        let event = EventV1.Event(
          feed: "intake", sequence: 2, requestID: id.description,
          actor: .init(subject: .init(stored.record.request.engineer), role: "engineer"),
          payload: .withdrawalReceived(.init(comment: "no need")))
        return try await store.write { transaction in
          try transaction.applyIntake(event)
          return try transaction.request(id)?.record.state.name
        }
      }
      let now = lockbox.clock.now()
      let waiting = try await store.open(at: now)
      #expect(try await withdraw(waiting) == .withdrawn)
      let granted = try await lockbox.granted()
      #expect(try await withdraw(granted) == .ended)
      let denied = try await store.open(at: now)
      try await store.decide(denied, .deny, stage: 0, by: Sample.manager("mia"))
      #expect(try await withdraw(denied) == .denied)
      let late = try await store.open(at: now)
      lockbox.clock.set(try #require(late.record.deadline))
      let last = store.database.feed.last
      #expect(try await withdraw(late) == .awaitingProvider)
      #expect(store.database.feed.last == last)
    }
  }
}
