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

@Suite("Absences and delegates over the wire", .serialized)
struct AbsenceTests {
  private typealias Absences = ApprovalsV1.AbsenceService
  private typealias Tenants = ApprovalsV1.TenantService

  /// Oda and Olga are approvers by name, one of them is enough.
  static func tenant(quorum: Int = 1, people: Set<String> = ["oda", "olga"]) -> TenantSettings {
    let plain = Sample.tenant()
    return TenantSettings(
      tenant: plain.tenant, displayName: plain.displayName, lockboxEnabled: true,
      requestLifetime: plain.requestLifetime, longestAccess: plain.longestAccess,
      approvers: Approvers(people: people, groups: [], quorum: quorum), contacts: [])
  }

  /// Somebody of the tenant whom the settings do not name.
  private func person(_ name: String, _ lockbox: ApprovalsFixture) -> CallOptions {
    lockbox.owner(name, groups: [])
  }

  @discardableResult
  private func set(
    _ person: String = "", delegate: String = "", from: Timestamp? = nil,
    for duration: Duration = .hours(4), on lockbox: ApprovalsFixture, as who: CallOptions
  ) async throws(RPCError) -> ApprovalsV1.SetAbsenceResponse {
    let start = from ?? lockbox.clock.now()
    return try await lockbox.people.unary(
      Absences.setAbsence,
      .init(
        person: person, delegate: delegate, startTime: from.map { .init($0) },
        endTime: .init(start + duration)), options: who)
  }

  /// A request that waits for the customer.
  private func waiting(_ lockbox: ApprovalsFixture) async throws -> StoredRequest {
    let opened = try await lockbox.store.open(at: lockbox.clock.now())
    _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
    return opened
  }

  @Test("a stand-in decides on a request that waited before the vacation began, and it is told")
  func standIn() async throws {
    try await ApprovalsFixture.run(Self.tenant()) { lockbox in
      let opened = try await waiting(lockbox)
      let dan = person("dan", lockbox)
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: dan, onBehalfOf: "oda")
      }
      let absence = try await set(delegate: "dan", on: lockbox, as: lockbox.owner("oda"))
      #expect(absence.changed && absence.absence?.own == true)
      let same = try await set(delegate: "dan", on: lockbox, as: lockbox.owner("oda"))
      #expect(!same.changed)
      // Not on another seat, and not on a seat of their own.
      for holder in ["olga", ""] {
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await lockbox.decide(opened, .approve, stage: 1, as: dan, onBehalfOf: holder)
        }
      }
      let record = try await lockbox.decide(
        opened, .approve, stage: 1, as: dan, onBehalfOf: "oda")
      #expect(record.state == .approved)
      #expect(record.decisions.last?.onBehalfOf == "oda")
      #expect(record.decisions.last?.approver?.id == "dan")
      let again = try await lockbox.decide(
        opened, .approve, stage: 1, as: dan, onBehalfOf: "oda")
      #expect(again == record)
      await expectRefusal(.alreadyExists, "ALREADY_DECIDED") { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: dan)
      }

      let events = try await lockbox.events()
      let told = events.compactMap { event -> CommonV1.Absence? in
        guard case .absenceSet(let set) = event.payload else { return nil }
        #expect(event.tenantID == "contoso" && event.actor?.role == "approver")
        return set.absence
      }
      #expect(told == [absence.absence].compactMap { $0 })
      let behalf = events.compactMap { event -> String? in
        guard case .decisionRecorded(let it) = event.payload else { return nil }
        return it.decision?.onBehalfOf
      }
      #expect(behalf == ["", "oda"])
    }
  }

  @Test("a seat counts once, whichever of the two comes first")
  func oneSeat() async throws {
    try await ApprovalsFixture.run(Self.tenant(quorum: 2)) { lockbox in
      try await set(delegate: "dan", on: lockbox, as: lockbox.owner("oda"))
      let opened = try await waiting(lockbox)
      _ = try await lockbox.decide(
        opened, .approve, stage: 1, as: person("dan", lockbox), onBehalfOf: "oda")
      await expectRefusal(.alreadyExists, "SEAT_DECIDED") { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.owner("oda"))
      }
      let record = try await lockbox.decide(
        opened, .approve, stage: 1, as: lockbox.owner("olga", groups: []))
      #expect(record.state == .approved && record.decisions.map(\.seat) == ["mia", "oda", "olga"])
    }
  }

  // Breaks when `Absence.counts` lets an admin's word reach requests that wait.
  @Test("an admin sets anybody's absence, which lends the seat for later requests only")
  func admins() async throws {
    try await ApprovalsFixture.run(Self.tenant()) { lockbox in
      let before = try await waiting(lockbox)
      lockbox.clock.advance(by: .seconds(1))
      let absence = try await set("oda", delegate: "dan", on: lockbox, as: lockbox.admin())
      #expect(absence.absence?.own == false && absence.absence?.setBy?.id == "ada")
      let dan = person("dan", lockbox)
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(before, .approve, stage: 1, as: dan, onBehalfOf: "oda")
      }
      lockbox.clock.advance(by: .seconds(1))
      let after = try await waiting(lockbox)
      let record = try await lockbox.decide(after, .approve, stage: 1, as: dan, onBehalfOf: "oda")
      #expect(record.state == .approved)
    }
  }

  @Test("an approver speaks for themself only; ended or over, nothing is lent")
  func ownOnly() async throws {
    try await ApprovalsFixture.run(Self.tenant()) { lockbox in
      let opened = try await waiting(lockbox)
      let oda = lockbox.owner("oda")
      let dan = person("dan", lockbox)
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await set("olga", delegate: "oda", on: lockbox, as: oda)
      }
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.people.unary(Absences.endAbsence, .init(person: "olga"), options: oda)
      }
      try await set(delegate: "dan", on: lockbox, as: oda)
      let ended = try await lockbox.people.unary(Absences.endAbsence, .init(), options: oda)
      #expect(ended.changed)
      let again = try await lockbox.people.unary(Absences.endAbsence, .init(), options: oda)
      #expect(!again.changed)
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: dan, onBehalfOf: "oda")
      }
      try await set(delegate: "dan", for: .minutes(30), on: lockbox, as: oda)
      lockbox.clock.advance(by: .minutes(30))
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(
          opened, .approve, stage: 1, as: person("dan", lockbox), onBehalfOf: "oda")
      }
      let list = try await lockbox.people.unary(
        Absences.listAbsences, .init(), options: lockbox.admin())
      #expect(list.absences.isEmpty)
      let kinds = try await lockbox.events().compactMap(\.payload?.fieldName)
      #expect(
        kinds.filter { $0.hasPrefix("absence") } == [
          "absence_set", "absence_ended", "absence_set",
        ])
    }
  }

  @Test("an absence that would leave nobody able to approve is refused, with the reason")
  func nobodyLeft() async throws {
    try await ApprovalsFixture.run(Self.tenant(quorum: 2)) { lockbox in
      let oda = lockbox.owner("oda")
      let last = lockbox.store.database.feed.last
      for delegate in ["", "olga"] {
        await expectRefusal(.failedPrecondition, "NOBODY_COULD_APPROVE") {
          () async throws(RPCError) in
          try await set(delegate: delegate, on: lockbox, as: oda)
        }
      }
      #expect(lockbox.store.database.feed.last == last)
      try await set(delegate: "dan", on: lockbox, as: oda)
      // The delegate of the other would be one person with two seats.
      await expectRefusal(.failedPrecondition, "NOBODY_COULD_APPROVE") {
        () async throws(RPCError) in
        try await set("olga", delegate: "dan", on: lockbox, as: lockbox.admin())
      }
      // One that begins while the other lasts is looked at too.
      let later = lockbox.clock.now() + .hours(3)
      await expectRefusal(.failedPrecondition, "NOBODY_COULD_APPROVE") {
        () async throws(RPCError) in
        try await set("olga", from: later, on: lockbox, as: lockbox.admin())
      }
      // Settings neither: of those who stay, too few would be left.
      let settings = Self.tenant(quorum: 1, people: ["oda"])
      try await set(delegate: "dan", on: lockbox, as: oda)
      let applied = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: settings.message), options: lockbox.admin())
      #expect(applied.changed)
    }
  }

  @Test("settings under which all who are named are away are refused")
  func settings() async throws {
    try await ApprovalsFixture.run(Self.tenant()) { lockbox in
      try await set(on: lockbox, as: lockbox.owner("oda"))
      let last = lockbox.store.database.feed.last
      await expectRefusal(.failedPrecondition, "NOBODY_COULD_APPROVE") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          Tenants.applyTenant, .init(settings: Self.tenant(people: ["oda"]).message),
          options: lockbox.admin())
      }
      var special = Self.tenant().message
      special.workloadApprovers = [
        .init(
          workload: "mail", approvers: Approvers(people: ["oda"], groups: [], quorum: 1).message)
      ]
      await expectRefusal(.failedPrecondition, "NOBODY_COULD_APPROVE") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          Tenants.applyTenant, .init(settings: special), options: lockbox.admin())
      }
      #expect(lockbox.store.database.feed.last == last)
      special.enrolledWorkloads = ["files"]
      let applied = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: special), options: lockbox.admin())
      #expect(applied.changed)
    }
  }

  @Test("only who is named has a seat to lend; whoever is only in a group may still be away")
  func seatOfAGroup() async throws {
    try await ApprovalsFixture.run { lockbox in
      let olga = lockbox.owner("olga")
      await expectRefusal(.failedPrecondition, "SEAT_NOT_NAMED") { () async throws(RPCError) in
        try await set(delegate: "dan", on: lockbox, as: olga)
      }
      let away = try await set(on: lockbox, as: olga)
      #expect(away.changed)
    }
  }

  @Test("bad absences are refused, all that is wrong at once")
  func bad() async throws {
    try await ApprovalsFixture.run(Self.tenant()) { lockbox in
      let now = lockbox.clock.now()
      let cases: [(ApprovalsV1.SetAbsenceRequest, [String])] = [
        (.init(), ["end_time"]),
        (.init(delegate: "oda", endTime: .init(now)), ["delegate", "end_time"]),
        (.init(startTime: .init(now + .hours(2)), endTime: .init(now + .hours(1))), ["end_time"]),
        (.init(endTime: .init(now + .hours(367 * 24))), ["end_time"]),
        (.init(delegate: "d\u{1B}", endTime: .init(now + .hours(1))), ["delegate"]),
      ]
      for (request, fields) in cases {
        do throws(RPCError) {
          _ = try await lockbox.people.unary(
            Absences.setAbsence, request, options: lockbox.owner("oda"))
          Issue.record("was not refused")
        } catch {
          #expect(error.code == .invalidArgument)
          let found = error.details.flatMap { detail -> [String] in
            if case .badRequest(let violations) = detail { violations.map(\.field) } else { [] }
          }
          #expect(found == fields)
        }
      }
    }
  }
}
