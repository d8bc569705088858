internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Approvals

/// What every store must do.
@Suite("Approvals stores", .serialized)
struct StoreConformanceTests {
  struct Planned: Error {}

  @Test("a request comes back with every field, in every state", arguments: StoreKind.allCases)
  func roundTrip(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare()
      let opened = try await store.open(at: bench.clock.now())
      let id = opened.record.request.id
      #expect(try await store.read { try $0.request(id) } == opened)
      bench.clock.advance(by: .seconds(1))
      let second = try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
      #expect(second.record.state.name == .awaitingCustomer)
      #expect(try await store.read { try $0.request(id) } == second)
      bench.clock.advance(by: .milliseconds(1))
      let granted = try await store.decide(opened, .approve, stage: 1, by: Sample.owner("oda"))
      let grant = try #require(granted.record.grant)
      #expect(granted.record.state == .approved && granted.approvalEvent != nil)
      let grantID = grant.id
      let read = try await store.granted(grantID)
      #expect(read == granted)
      // Subjects are equal whatever their display names, so these are looked at by themselves.
      #expect(read?.record.decisions.map(\.approver.displayName) == ["M mia", "O oda"])
      #expect(read?.record.decisions.map(\.comment) == ["said\tso", "said\tso"])
      #expect(read?.record.request.engineer.displayName == "Erin")
      let revoked = try await store.apply(.revoke(by: Sample.owner("oda")), to: id)
      #expect(try await store.read { try $0.request(id) } == revoked)
      #expect(revoked.record.grant == grant && revoked.record.state == .revoked)
    }
  }

  @Test("a write that throws leaves nothing, not even a sequence", arguments: StoreKind.allCases)
  func rollback(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await bench.store.prepare()
      let before = try await bench.events()
      let event = try Sample.received(at: bench.clock.now())
      await #expect(throws: Planned.self) {
        try await bench.store.write { transaction in
          try transaction.applyIntake(event)
          _ = try transaction.apply(Sample.tenant(enabled: false), origin: .system())
          try transaction.advanceCursor(of: "intake", from: 0, to: 5)
          throw Planned()
        }
      }
      let id = try #require(RequestID(event.requestID))
      try await bench.store.read { store throws in
        #expect(try store.request(id) == nil)
        #expect(try store.tenant(Sample.contoso)?.version == 1)
        #expect(try store.cursor(of: "intake") == 0)
      }
      #expect(try await bench.events() == before)
      try await bench.store.write { try $0.applyIntake(event) }
      #expect(try await bench.events().count == before.count + 2)
    }
  }

  @Test(
    "settings keep their versions, and a request the ones that it was opened with (I10)",
    arguments: StoreKind.allCases)
  func snapshots(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare()
      let opened = try await store.open(at: bench.clock.now())
      try await store.prepare(Sample.tenant(enabled: false), Sample.policy(quorum: 2))
      let later = try await store.open(at: bench.clock.now())
      #expect(opened.record.snapshot?.stages.count == 2)
      #expect(later.record.snapshot?.stages.count == 1)
      #expect(
        later.record.snapshot?.policyVersion == 2 && later.record.snapshot?.tenantVersion == 2)
      let read = try await store.read { try $0.request(opened.record.request.id) }
      #expect(read == opened)
      // One manager is enough for the first, as it was when it was opened.
      let decided = try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
      #expect(decided.record.state.name == .awaitingCustomer)
      let waiting = try await store.decide(later, .approve, stage: 0, by: Sample.manager("mia"))
      #expect(waiting.record.state.name == .awaitingProvider)
      try await store.read { store throws in
        #expect(try store.tenant(Sample.contoso)?.value == Sample.tenant(enabled: false))
        #expect(try store.policy(Sample.mail)?.value == Sample.policy(quorum: 2))
        #expect(try store.policy(Sample.mail)?.version == 2)
        #expect(try store.tenant(Sample.fabrikam) == nil)
      }
    }
  }

  @Test("settings that are so already make no version and no event", arguments: StoreKind.allCases)
  func unchangedSettings(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await bench.store.prepare()
      try await bench.store.prepare()
      #expect(try await bench.events().count == 2)
      await #expect(throws: (any Error).self) {
        try await bench.store.write { try $0.save(Versioned(Sample.tenant(), version: 1)) }
      }
    }
  }

  @Test(
    "every version is kept, with when and by whom it was applied", arguments: StoreKind.allCases)
  func versions(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let who = Subject(issuer: Sample.provider, id: "otto", displayName: "Otto")
      let first = bench.clock.now()
      try await bench.store.prepare()
      bench.clock.advance(by: .seconds(1))
      let second = bench.clock.now()
      try await bench.store.write { transaction in
        let origin = EventOrigin.person(who, as: .operator)
        _ = try transaction.apply(Sample.tenant(quorum: 2), origin: origin)
        _ = try transaction.apply(Sample.policy(quorum: 2), origin: origin)
      }
      try await bench.store.read { store throws in
        let tenants = try store.tenantVersions(of: Sample.contoso, before: .max, limit: 9)
        #expect(
          tenants == [
            Versioned(
              Sample.tenant(quorum: 2), version: 2, applied: Applied(time: second, by: who)),
            Versioned(Sample.tenant(), version: 1, applied: Applied(time: first, by: nil)),
          ])
        #expect(tenants.first?.applied?.by?.displayName == "Otto")
        let policies = try store.policyVersions(of: Sample.mail, before: .max, limit: 9)
        #expect(policies.map(\.version) == [2, 1])
        #expect(policies.map(\.applied) == tenants.map(\.applied))
        #expect(try store.policy(Sample.mail) == policies.first)
        #expect(try store.tenants(after: "", limit: 1) == Array(tenants.prefix(1)))
        #expect(
          try store.policyVersions(of: Sample.mail, before: 2, limit: 9).map(\.version) == [1])
        #expect(try store.tenantVersions(of: Sample.contoso, before: 3, limit: 1).count == 1)
        #expect(try store.tenantVersions(of: Sample.fabrikam, before: .max, limit: 1).isEmpty)
      }
    }
  }

  @Test(
    "lists of settings show the newest version of each, in order", arguments: StoreKind.allCases)
  func settingsPages(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let names = ["adatum", "b-1", "contoso", "fabrikam"]
      for name in names.reversed() {
        let tenant = try #require(TenantID(name))
        let workload = try #require(Workload(name))
        try await bench.store.prepare(Sample.tenant(tenant), Sample.policy(workload))
        try await bench.store.prepare(
          Sample.tenant(tenant, quorum: 2), Sample.policy(workload, quorum: 2))
      }
      try await bench.store.read { store in
        let all = try store.tenants(after: "", limit: 10)
        #expect(all.map(\.value.tenant.text) == names)
        #expect(all.allSatisfy { $0.version == 2 && $0.value.approvers.quorum == 2 })
        #expect(try store.tenants(after: "b-1", limit: 1).map(\.value.tenant.text) == ["contoso"])
        let policies = try store.policies(after: "adatum", limit: 2)
        #expect(policies.map(\.value.workload.text) == ["b-1", "contoso"])
        #expect(policies.allSatisfy { $0.version == 2 })
        #expect(try store.policies(after: "fabrikam", limit: 2).isEmpty)
      }
    }
  }

  @Test(
    "lists filter by tenant, engineer, grant and the state at that moment",
    arguments: StoreKind.allCases)
  func queries(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      let clock = bench.clock
      try await store.prepare()
      try await store.prepare(Sample.tenant(Sample.fabrikam))
      var ids: [String: RequestID] = [:]
      let other = Subject(issuer: "https://other.test", id: "erin")
      ids["provider"] = try await store.open(at: clock.now()).record.request.id
      ids["foreign"] = try await store.open(at: clock.now(), tenant: Sample.fabrikam)
        .record.request.id
      let customer = try await store.open(at: clock.now(), engineer: other)
      try await store.decide(customer, .approve, stage: 0, by: Sample.manager("mia"))
      ids["customer"] = customer.record.request.id
      ids["granted"] = try await store.grant(at: clock.now()).record.request.id
      let denied = try await store.open(at: clock.now())
      try await store.decide(denied, .deny, stage: 0, by: Sample.manager("mia"))
      ids["denied"] = denied.record.request.id
      let nobody = try await store.open(at: clock.now(), tenant: TenantID("nobody")!)
      ids["nobody"] = nobody.record.request.id

      let now = clock.now()
      func list(
        tenant: TenantID? = nil, engineer: Subject? = nil,
        _ states: Set<RequestState.Name> = [], grants: RequestQuery.Grants = .whether,
        after: Duration = .zero
      ) async throws -> Set<String> {
        let query = RequestQuery(
          tenant: tenant, engineer: engineer, states: states, grants: grants,
          now: now + after, limit: 100)
        let found = try await store.read { try $0.requests(query) }.map(\.record.request.id)
        #expect(found == found.sorted(by: >))
        return Set(ids.filter { found.contains($0.value) }.keys)
      }
      #expect(try await list() == Set(ids.keys))
      #expect(try await list(tenant: Sample.fabrikam) == ["foreign"])
      #expect(try await list(engineer: other) == ["customer"])
      #expect(try await list(grants: .given) == ["granted"])
      #expect(try await list(grants: .live) == ["granted"])
      #expect(try await list(grants: .live, after: .zero - .nanoseconds(1)) == [])
      #expect(try await list(grants: .live, after: .hours(3)) == [])
      #expect(try await list(grants: .given, after: .hours(3)) == ["granted"])
      #expect(try await list([.awaitingProvider]) == ["provider", "foreign"])
      #expect(try await list([.awaitingCustomer, .denied]) == ["customer", "denied", "nobody"])
      #expect(try await list([.approved], after: .hours(3) - .nanoseconds(1)) == ["granted"])
      // At the deadline itself it is over, whether or not expiry has said so.
      #expect(try await list([.approved], after: .hours(3)) == [])
      #expect(try await list([.ended], after: .hours(3)) == ["granted"])
      #expect(try await list([.expired], after: .hours(2)) == ["provider", "foreign"])
      #expect(try await list([.awaitingProvider], after: .hours(2)) == [])
      #expect(
        try await list(tenant: Sample.contoso, [.expired], after: .hours(12))
          == ["provider", "customer"])
      #expect(try await list([.received, .withdrawn, .revoked], after: .hours(12)) == [])
    }
  }

  @Test("pages stay where they are while requests are added", arguments: StoreKind.allCases)
  func paging(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      try await bench.store.prepare()
      var expected: [RequestID] = []
      for _ in 0..<10 {
        bench.clock.advance(by: .seconds(1))
        expected.append(try await bench.store.open(at: bench.clock.now()).record.request.id)
      }
      var seen: [RequestID] = []
      repeat {
        let query = RequestQuery(now: bench.clock.now(), before: seen.last, limit: 3)
        let page = try await bench.store.read { try $0.requests(query) }
        if page.isEmpty { break }
        seen += page.map(\.record.request.id)
        bench.clock.advance(by: .seconds(1))
        try await bench.store.open(at: bench.clock.now())
      } while true
      #expect(seen == expected.reversed())
    }
  }

  @Test(
    "neither a person nor a seat can stand twice among a stage's decisions",
    arguments: StoreKind.allCases)
  func distinctPeople(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare(Sample.tenant(), Sample.policy(quorum: 3))
      let opened = try await store.open(at: bench.clock.now())
      let decided = try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
      // Past the state machine, which would refuse it: the person under another name and on
      // another seat, and the seat by another person.
      for (person, seat) in [("mia", "max"), ("max", "mia")] {
        var forged = decided
        forged.record.decisions.append(
          Decision(
            stage: 0, verdict: .deny,
            approver: Subject(issuer: Sample.provider, id: person, displayName: "Somebody else"),
            comment: "", digest: decided.record.request.digest, time: bench.clock.now(),
            seat: seat, isDelegated: true))
        let twice = forged
        await #expect(throws: (any Error).self) { try await store.write { try $0.save(twice) } }
      }
      let id = opened.record.request.id
      #expect(try await store.read { try $0.request(id) } == decided)
    }
  }

  @Test(
    "seats, severity and the notices that were told come back with the request",
    arguments: StoreKind.allCases)
  func seatsAndNotices(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.prepare()
      let opened = try await store.open(at: bench.clock.now())
      let id = opened.record.request.id
      bench.clock.advance(by: .hours(1))
      let told = try await store.apply(.announce(stage: 0), to: id)
      #expect(told.record.notices == [.reminder])
      #expect(try await store.read { try $0.request(id) } == told)
      let waiting = try await store.decide(opened, .approve, stage: 0, by: Sample.manager("mia"))
      #expect(waiting.record.notices.isEmpty)
      #expect(try await store.read { try $0.request(id) } == waiting)
      let now = bench.clock.now()
      let absence = Absence(
        tenant: Sample.contoso, person: "oda", delegate: "dan", start: now, end: now + .hours(1),
        isOwn: true, setBy: Sample.owner("oda").subject, setTime: now)
      let dan = Person(
        subject: Subject(issuer: Sample.contosoIssuer, id: "dan"),
        affiliation: .tenant(Sample.contoso))
      let decided = try await store.apply(
        .decide(
          .approve, stage: 1, by: dan, seat: LentSeat(holder: "oda", absence: absence),
          digest: opened.record.request.digest, comment: "", grantID: .make(at: now)), to: id)
      #expect(decided.record.decisions.map(\.seat) == ["mia", "oda"])
      #expect(try await store.read { try $0.request(id) } == decided)
    }
  }

  @Test("a cursor moves only from where it stands", arguments: StoreKind.allCases)
  func cursors(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let store = bench.store
      try await store.write { try $0.advanceCursor(of: "intake", from: 0, to: 7) }
      #expect(try await store.read { try $0.cursor(of: "intake") } == 7)
      #expect(try await store.read { try $0.cursor(of: "audit") } == 0)
      await #expect(throws: (any Error).self) {
        try await store.write { try $0.advanceCursor(of: "intake", from: 0, to: 9) }
      }
      #expect(try await store.read { try $0.cursor(of: "intake") } == 7)
    }
  }

  @Test("time never goes back, and a clock that does is told of", arguments: StoreKind.allCases)
  func time(kind: StoreKind) async throws {
    try await kind.withStore { bench async throws in
      let start = bench.clock.now()
      let steps: [(Duration, behind: Duration?)] = [
        (.zero, nil), (.seconds(-5), nil), (.seconds(-1), .seconds(6)),
      ]
      for step in steps {
        bench.clock.advance(by: step.0)
        let time = try await bench.store.write { $0.time }
        #expect(time.now == start && time.behind == step.behind)
      }
      #expect(bench.store.timeMark.mark == start)
    }
  }
}
