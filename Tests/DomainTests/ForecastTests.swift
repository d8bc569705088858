internal import Testing

@testable internal import Domain

@Suite("Forecasts")
struct ForecastTests {
  private static func snapshot(_ stages: Stage..., longest: Duration = .hours(4)) -> PolicySnapshot
  {
    PolicySnapshot(policyVersion: 3, tenantVersion: 5, stages: stages, longestAccess: longest)
  }

  private static func stage(
    _ name: String, _ people: Set<String>, side: Side = .provider, groups: Set<String> = [],
    claims: [ClaimCondition] = [], quorum: Int = 1, signed: Bool = false,
    escalation: Escalation? = nil
  ) -> Stage {
    Stage(
      name: name, side: side,
      approvers: Approvers(people: people, groups: groups, claims: claims, quorum: quorum),
      lifetime: .hours(2), requiresSignature: signed, escalation: escalation)
  }

  private static func forecast(
    _ snapshot: PolicySnapshot?, _ request: AccessRequest = Example.request(),
    absences: [Absence] = [], keyHolders: Set<String> = []
  ) throws -> Forecast {
    try Forecast(
      of: request, opening: .open(snapshot), absences: absences, keyHolders: keyHolders,
      at: Example.start)
  }

  private static func away(_ person: String, delegate: String? = nil) -> Absence {
    Absence(
      tenant: Example.acme, person: person, delegate: delegate, start: Example.start,
      end: Example.start + .hours(48), isOwn: true,
      setBy: Subject(issuer: Example.acmeIssuer, id: person), setTime: Example.start)
  }

  @Test("each stage ends at the latest when all before it took all of their time")
  func deadlines() throws {
    let forecast = try Self.forecast(Example.snapshot)
    #expect(
      forecast.stages.map(\.latestDeadline)
        == [.hours(1), .hours(2), .hours(14)].map { Example.start + $0 })
    #expect(forecast.denial == nil && forecast.snapshot == Example.snapshot)
    #expect(forecast.terms.duration == .hours(2))
  }

  @Test("it is denied where opening denies it")
  func denied() throws {
    #expect(try Self.forecast(nil).denial == .noPolicy)
    #expect(try Self.forecast(nil).stages.isEmpty)
    let demanding = PolicySnapshot(
      policyVersion: 1, tenantVersion: 1, requiresTicket: true,
      stages: Example.snapshot.stages, longestAccess: .hours(4))
    #expect(
      try Self.forecast(demanding, Example.request(hasTicket: false)).denial == .ticketRequired)
    #expect(try Self.forecast(demanding).denial == nil)
    let refused = try Forecast(
      of: Example.request(), opening: .refuse(.reviewOverdue), absences: [], keyHolders: [],
      at: Example.start)
    #expect(refused.denial == .reviewOverdue)
  }

  @Test("the requester, the absent and those without a key are told apart from the eligible")
  func standings() throws {
    let snapshot = Self.snapshot(
      Self.stage("team", ["erin", "max"]),
      Self.stage("customer", ["ana", "bob", "cyd"], side: .customer, quorum: 2, signed: true))
    let forecast = try Self.forecast(
      snapshot, absences: [Self.away("bob", delegate: "dan"), Self.away("zoe")],
      keyHolders: ["ana", "dan"])
    #expect(
      forecast.stages.map { $0.seats.map(\.person) } == [["erin", "max"], ["ana", "bob", "cyd"]])
    #expect(
      forecast.stages.map { $0.seats.map(\.standing) } == [
        [.requester, .eligible], [.eligible, .away, .withoutKey],
      ])
    #expect(forecast.stages[1].seats.map(\.delegate) == [nil, "dan", nil])
    #expect(forecast.stages.map(\.available) == [1, 2])
    #expect(forecast.stages.map(\.isOutOfReach) == [false, false])
    let lent = [Self.away("bob", delegate: "dan")]
    #expect(
      try Self.forecast(snapshot, absences: lent, keyHolders: ["ana"]).stages[1].available == 1)
    #expect(try Self.forecast(snapshot).stages[1].available == 0)
    #expect(try Self.forecast(snapshot).stages[1].isOutOfReach)
  }

  @Test("who is in a group or has a claim is not known beforehand")
  func unknown() throws {
    let condition = ClaimCondition(claim: "team", anyOf: ["mail"])
    let forecast = try Self.forecast(
      Self.snapshot(
        Self.stage("team", ["max"], groups: ["managers"]),
        Self.stage("duty", ["max"], claims: [condition]), Self.stage("last", [], groups: ["x"])))
    #expect(forecast.stages.map(\.available) == [nil, 1, nil])
    #expect(forecast.stages.map { $0.seats.map(\.standing) } == [[.eligible], [.withClaims], []])
    #expect(forecast.stages.allSatisfy { !$0.isOutOfReach })
  }

  @Test("whom a stage escalates to comes after those whom it names")
  func escalation() throws {
    let escalation = Escalation(
      after: .hours(1), approvers: Approvers(people: ["eva", "max"], groups: [], quorum: 0))
    let forecast = try Self.forecast(
      Self.snapshot(Self.stage("team", ["max"], quorum: 2, escalation: escalation)))
    #expect(forecast.stages[0].seats.map(\.person) == ["max", "eva"])
    #expect(forecast.stages[0].seats.map(\.isEscalation) == [false, true])
    #expect(forecast.stages[0].seats.map(\.standing) == [.eligible, .eligible])
    #expect(forecast.stages[0].available == 2)
  }

  @Test("access is no longer than the snapshot allows")
  func duration() throws {
    let forecast = try Self.forecast(
      Self.snapshot(Self.stage("team", ["max"]), longest: .minutes(30)))
    #expect(forecast.terms.duration == .minutes(30))
  }
}
