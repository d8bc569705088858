internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Trying policies over the wire", .serialized)
struct PolicySimulationTests {
  private typealias Policies = ApprovalsV1.PolicyService

  private static func asked(
    engineer: String = "erin", ticket: String = "T-1", policy: CommonV1.WorkloadPolicy? = nil
  ) -> ApprovalsV1.SimulateAccessRequestRequest {
    .init(
      tenantID: "contoso", workload: "mail", engineer: .init(id: engineer),
      reasonCode: .customerInitiatedSupport, ticket: ticket, duration: .init(seconds: 10_800),
      policy: policy)
  }

  @Test("what is simulated is what opening a request really gives, and nothing is kept")
  func asReally() async throws {
    try await ApprovalsFixture.run { lockbox in
      let last = lockbox.store.database.feed.last
      let simulated = try await lockbox.people.unary(
        Policies.simulateAccessRequest, Self.asked(), options: lockbox.operatorOptions())
      #expect(lockbox.store.database.feed.last == last)
      let record = try await lockbox.store.open(at: lockbox.clock.now()).record
      let stages = try #require(record.snapshot?.stages)
      #expect(simulated.denialReason.isEmpty)
      #expect(simulated.stages.map(\.name) == stages.map(\.name))
      #expect(simulated.stages.map(\.quorum) == stages.map { UInt32($0.approvers.quorum) })
      #expect(simulated.stages.map(\.lifetime?.seconds) == [7_200, 43_200])
      #expect(simulated.policyVersion == 1 && simulated.tenantVersion == 1)
      #expect(simulated.stages.first?.latestDeadline == record.deadline.map { .init($0) })
      #expect(simulated.duration == .init(seconds: 10_800) && simulated.findings.isEmpty)
      #expect(simulated.stages[0].seats == [.init(person: "max", standing: .eligible)])
      #expect(simulated.stages[0].groups == ["managers"] && !simulated.stages[0].availableKnown)
      #expect(simulated.stages[1].seats == [.init(person: "oda", standing: .eligible)])
    }
  }

  @Test("a policy that does not stand yet can be tried, and what is missing is told")
  func candidate() async throws {
    try await ApprovalsFixture.run { lockbox in
      let candidate = WorkloadPolicy(
        workload: Sample.mail,
        stages: [
          .init(
            name: "two", approvers: Approvers(people: ["erin", "max"], groups: [], quorum: 2),
            lifetime: .hours(1))
        ], requiresTicket: true
      ).message
      let refused = try await lockbox.people.unary(
        Policies.simulateAccessRequest, Self.asked(ticket: "", policy: candidate),
        options: lockbox.operatorOptions())
      #expect(refused.denialReason == "TICKET_REQUIRED")
      let short = try await lockbox.people.unary(
        Policies.simulateAccessRequest, Self.asked(policy: candidate),
        options: lockbox.operatorOptions())
      #expect(short.denialReason.isEmpty && short.policyVersion == 0)
      #expect(short.findings == [.init(reason: "QUORUM_OUT_OF_REACH", stage: 0)])
      #expect(short.stages[0].seats.map(\.standing) == [.requester, .eligible])
      #expect(short.stages[0].availableKnown && short.stages[0].available == 1)
      var other = Self.asked()
      other.workload = "calendar"
      let none = try await lockbox.people.unary(
        Policies.simulateAccessRequest, other, options: lockbox.operatorOptions())
      #expect(none.denialReason == "NO_POLICY" && none.stages.isEmpty)
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.simulateAccessRequest,
          .init(tenantID: "contoso", workload: "No", duration: .init(seconds: -1)),
          options: lockbox.operatorOptions())
      }
    }
  }

  @Test("each learns of those approvers only that are theirs to know (I6)")
  func views() async throws {
    try await ApprovalsFixture.run { lockbox in
      func hidden(_ options: CallOptions) async throws -> [Bool] {
        let response = try await lockbox.people.unary(
          Policies.simulateAccessRequest, Self.asked(), options: options)
        for stage in response.stages where stage.approversHidden {
          #expect(stage.seats.isEmpty && stage.groups.isEmpty && !stage.availableKnown)
        }
        return response.stages.map(\.approversHidden)
      }
      #expect(try await hidden(lockbox.operatorOptions()) == [false, false])
      #expect(try await hidden(lockbox.manager()) == [false, true])
      #expect(try await hidden(lockbox.admin()) == [true, false])
      try await lockbox.store.prepare(Sample.tenant(Sample.fabrikam))
      for tenant in ["fabrikam", "nobody", "No Name"] {
        var asked = Self.asked()
        asked.tenantID = tenant
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Policies.simulateAccessRequest, asked, options: lockbox.admin())
        }
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.simulateAccessRequest, Self.asked(), options: lockbox.engineer())
      }
    }
  }

  @Test("past requests are replayed under another policy, newest first, in pages")
  func replay() async throws {
    try await ApprovalsFixture.run { lockbox in
      let store = lockbox.store
      let start = lockbox.clock.now()
      let granted = try await store.grant(at: start)
      lockbox.clock.advance(by: .minutes(1))
      let pending = try await store.open(at: lockbox.clock.now())
      lockbox.clock.advance(by: .minutes(1))
      let denied = try await store.open(at: lockbox.clock.now())
      try await store.decide(denied, .deny, stage: 0, by: Sample.manager("mia"))
      func replay(
        _ policy: WorkloadPolicy, since: Timestamp, size: UInt32 = 0
      ) async throws -> [ApprovalsV1.ReplayedRequest] {
        var found: [ApprovalsV1.ReplayedRequest] = []
        var token = ""
        repeat {
          let page = try await lockbox.people.unary(
            Policies.replayAccessRequests,
            .init(
              policy: policy.message, startTime: .init(since), pageSize: size, pageToken: token),
            options: lockbox.manager())
          found += page.requests
          token = page.nextPageToken
        } while !token.isEmpty
        return found
      }
      let last = store.database.feed.last
      let ids = [denied, pending, granted].map { $0.record.request.id.description }
      let same = try await replay(Sample.policy(), since: start, size: 1)
      #expect(same.map(\.requestID) == ids)
      #expect(same.map(\.outcome) == [.same, .same, .same])
      let stricter = try await replay(Sample.policy(quorum: 2), since: start)
      #expect(stricter.map(\.outcome) == [.changed, .changed, .waiting])
      #expect(stricter[2].stagesThen.map(\.quorum) == [1, 1])
      #expect(stricter[2].stagesNow.map(\.quorum) == [2, 1])
      #expect(stricter[2].stagesNow.map(\.approvals) == [1, 1])
      #expect(stricter[2].decisions.map(\.eligibility) == [.eligible, .eligible])
      #expect(stricter[0].state == .denied)
      #expect(stricter[2].decisions.map { $0.approver?.id } == ["mia", "oda"])
      let later = try await replay(Sample.policy(), since: start + .seconds(90))
      #expect(later.map(\.requestID) == [ids[0]])
      let other = try await replay(Sample.policy(Workload("calendar")!), since: start)
      #expect(other.isEmpty)
      #expect(store.database.feed.last == last)
      await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.replayAccessRequests,
          .init(policy: Sample.policy().message, startTime: .init(start - .hours(401 * 24))),
          options: lockbox.manager())
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Policies.replayAccessRequests,
          .init(policy: Sample.policy().message, startTime: .init(start)),
          options: lockbox.admin())
      }
    }
  }

  @Test(
    "a store finds the requests of a workload from a moment on", arguments: StoreKind.allCases)
  func query(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await bench.store.prepare()
      var ids: [RequestID] = []
      for _ in 0..<3 {
        ids.append(try await bench.store.open(at: bench.clock.now()).record.request.id)
        bench.clock.advance(by: .minutes(1))
      }
      func list(_ workload: Workload, since: Duration) async throws -> [RequestID] {
        let now = bench.clock.now()
        let query = RequestQuery(
          workload: workload, receivedFrom: now - since, now: now, limit: 10)
        return try await bench.store.read { try $0.requests(query) }.map(\.record.request.id)
      }
      #expect(try await list(Sample.mail, since: .minutes(3)) == ids.reversed())
      #expect(try await list(Sample.mail, since: .minutes(2)) == [ids[2], ids[1]])
      #expect(try await list(Sample.mail, since: .seconds(59)).isEmpty)
      #expect(try await list(Workload("calendar")!, since: .hours(1)).isEmpty)
    }
  }

  @Test("a replay keeps the tenant's settings of then")
  func settingsOfThen() async throws {
    try await ApprovalsFixture.run { lockbox in
      let start = lockbox.clock.now()
      _ = try await lockbox.store.grant(at: start)
      try await lockbox.store.prepare(Sample.tenant(enabled: false))
      let page = try await lockbox.people.unary(
        Policies.replayAccessRequests,
        .init(policy: Sample.policy().message, startTime: .init(start)),
        options: lockbox.operatorOptions())
      #expect(page.requests.map(\.outcome) == [.same])
      #expect(page.requests.first?.stagesNow.map(\.name) == ["managers", "customer"])
      // Who decided is not an operator's to know: they may not read requests.
      #expect(page.requests.first?.decisions.map(\.approver) == [nil, nil])
    }
  }
}
