internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Linked subjects over the wire", .serialized)
struct LinkTests {
  private typealias Links = ApprovalsV1.SubjectLinkService

  private func contoso(_ id: String) -> CommonV1.Subject {
    .init(issuer: Sample.contosoIssuer, id: id)
  }

  private func provider(_ id: String) -> CommonV1.Subject {
    .init(issuer: Sample.provider, id: id)
  }

  private func link(
    _ lockbox: ApprovalsFixture, _ tenant: String, _ subjects: CommonV1.Subject...,
    as who: CallOptions
  ) async throws(RPCError) -> ApprovalsV1.LinkSubjectsResponse {
    try await lockbox.people.unary(
      Links.linkSubjects, .init(tenantID: tenant, subjects: subjects), options: who)
  }

  @Test("two subjects that are linked while a request waits make no quorum of two")
  func pending() async throws {
    try await ApprovalsFixture.run(Sample.tenant(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      _ = try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner("oda"))
      _ = try await link(
        lockbox, "contoso", contoso("oda"), contoso("oda2"), as: lockbox.admin())
      for verdict in [CommonV1.Verdict.approve, .deny] {
        await expectRefusal(.alreadyExists, "ALREADY_DECIDED") { () async throws(RPCError) in
          try await lockbox.decide(opened, verdict, stage: 1, as: lockbox.owner("oda2"))
        }
      }
      let third = try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner("olaf"))
      #expect(third.state == .approved)
    }
  }

  @Test("an engineer's account as a manager does not approve their request")
  func requester() async throws {
    try await ApprovalsFixture.run { lockbox in
      _ = try await link(
        lockbox, "", provider("erin"), provider("erin-m"), as: lockbox.operatorOptions())
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("erin-m"))
      }
      // The tenant may say it of somebody of both sides, for its own matters.
      _ = try await link(
        lockbox, "contoso", provider("erin"), contoso("oda"), as: lockbox.admin())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner("oda"))
      }
      // By way of two links.
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        _ = try await link(
          lockbox, "contoso", provider("erin-m"), contoso("olaf"), as: lockbox.admin())
        return try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner("olaf"))
      }
    }
  }

  @Test("each side links its own people only, and another's answers as none")
  func sides() async throws {
    try await ApprovalsFixture.run { lockbox in
      for (tenant, who) in [
        ("", lockbox.admin()), ("contoso", lockbox.operatorOptions()),
        ("fabrikam", lockbox.admin()), ("nobody", lockbox.admin()),
      ] {
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await link(lockbox, tenant, contoso("a"), contoso("b"), as: who)
        }
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Links.listLinkedPeople, .init(tenantID: tenant), options: who)
        }
        await expectRefusal(.notFound) { () async throws(RPCError) in
          try await lockbox.people.unary(
            Links.unlinkSubject, .init(tenantID: tenant, subject: contoso("a")), options: who)
        }
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await link(
          lockbox, "contoso", contoso("a"), contoso("b"), as: lockbox.owner())
      }
    }
  }

  @Test("links are listed, told of, joined, and parted by somebody else")
  func life() async throws {
    try await ApprovalsFixture.run { lockbox in
      let admin = lockbox.admin()
      let first = try await link(
        lockbox, "contoso", contoso("ada"), contoso("oda"), as: admin)
      #expect(first.changed)
      let again = try await link(
        lockbox, "contoso", contoso("oda"), contoso("ada"), as: admin)
      #expect(!again.changed && again.person == first.person)
      let joined = try await link(
        lockbox, "contoso", contoso("oda"), contoso("x"), as: admin)
      #expect(joined.person?.personID == first.person?.personID)
      #expect(joined.person?.subjects.map(\.id) == ["ada", "oda", "x"])
      let listed = try await lockbox.people.unary(
        Links.listLinkedPeople, .init(tenantID: "contoso"), options: admin)
      #expect(listed.people == [joined.person])

      await expectRefusal(.permissionDenied, "OWN_LINK") { () async throws(RPCError) in
        try await lockbox.people.unary(
          Links.unlinkSubject, .init(tenantID: "contoso", subject: contoso("x")), options: admin)
      }
      let other = lockbox.admin("alf")
      let rest = try await lockbox.people.unary(
        Links.unlinkSubject, .init(tenantID: "contoso", subject: contoso("ada")), options: other)
      #expect(rest.person?.subjects.map(\.id) == ["oda", "x"])
      let none = try await lockbox.people.unary(
        Links.unlinkSubject, .init(tenantID: "contoso", subject: contoso("x")), options: other)
      #expect(none.person == nil)
      await expectRefusal(.notFound) { () async throws(RPCError) in
        try await lockbox.people.unary(
          Links.unlinkSubject, .init(tenantID: "contoso", subject: contoso("oda")),
          options: other)
      }
      let told = try await lockbox.events().compactMap { event -> String? in
        switch event.payload {
        case .subjectsLinked(let it):
          "\(event.tenantID) +\(it.person?.subjects.map(\.id).joined(separator: "=") ?? "")"
        case .subjectUnlinked(let it): "\(event.tenantID) -\(it.subject?.id ?? "")"
        default: nil
        }
      }
      #expect(
        told == [
          "contoso +ada=oda", "contoso +ada=oda=x", "contoso -ada", "contoso -x",
        ])
    }
  }

  @Test("what is no link is refused, every fault at once")
  func malformed() async throws {
    try await ApprovalsFixture.run { lockbox in
      for subjects in [
        [], [contoso("a")], [contoso("a"), contoso("a")], [contoso("a"), contoso("")],
        [contoso("a"), .init(id: "b")], (0..<17).map { contoso("\($0)") },
      ] {
        await expectRefusal(.invalidArgument, "INVALID_FIELDS") { () async throws(RPCError) in
          try await lockbox.people.unary(
            Links.linkSubjects, .init(tenantID: "contoso", subjects: subjects),
            options: lockbox.admin())
        }
      }
    }
  }

  @Test("links and token keys come back from every store", arguments: StoreKind.allCases)
  func stores(kind: StoreKind) async throws {
    try await kind.withStore { bench in
      let now = bench.clock.now()
      func person(_ affiliation: Affiliation, _ ids: String...) -> LinkedPerson {
        LinkedPerson(
          id: .make(at: now), affiliation: affiliation,
          subjects: ids.map { Subject(issuer: Sample.provider, id: $0, displayName: $0) },
          linkedBy: Sample.engineer, linkTime: now)
      }
      let people = [
        person(.provider, "a", "b"), person(.provider, "c", "d"),
        person(.tenant(Sample.contoso), "a", "c"),
      ].sorted { $0.id < $1.id }
      let keys = [
        TokenKey(id: "k1", publicKey: [1], activateTime: now, retireTime: now + .hours(1)),
        TokenKey(id: "k2", publicKey: [2], activateTime: now + .hours(1)),
      ]
      try await bench.store.write { store in
        for person in people { try store.save(person) }
        for person in people { try store.save(person) }
        for key in keys { try store.save(key) }
      }
      try await bench.store.read { store throws in
        for person in people {
          for subject in person.subjects {
            #expect(try store.linkedPerson(of: subject, in: person.affiliation) == person)
          }
        }
        let contoso = Affiliation.tenant(Sample.contoso)
        #expect(
          try store.linkedPerson(of: people[0].subjects[1], in: .tenant(Sample.fabrikam)) == nil)
        let provider = people.filter { $0.affiliation == .provider }
        #expect(try store.linkedPeople(in: .provider, after: nil, limit: 9) == provider)
        #expect(try store.linkedPeople(in: .provider, after: nil, limit: 1) == [provider[0]])
        #expect(
          try store.linkedPeople(in: .provider, after: provider[0].id, limit: 9) == [provider[1]])
        #expect(try store.linkedPeople(in: contoso, after: nil, limit: 9).count == 1)
        #expect(try store.tokenKeys() == keys)
      }
      // A subject is in one link an affiliation.
      let clash = person(.provider, "b", "z")
      await #expect(throws: (any Error).self) {
        try await bench.store.write { try $0.save(clash) }
      }
      try await bench.store.write { store in
        for person in people { try store.remove(person) }
      }
      #expect(
        try await bench.store.read { store throws in
          try store.linkedPeople(in: .provider, after: nil, limit: 9)
        }.isEmpty)
    }
  }
}
