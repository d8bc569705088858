internal import Testing

@testable internal import Domain

/// Who may decide at a stage, and from when on.
struct EligibilityTests {
  static func person(
    _ id: String = "max", groups: Set<String> = [], roles: Set<String> = [],
    claims: [String: Set<String>] = [:]
  ) -> Person {
    Person(
      subject: Subject(issuer: Example.provider, id: id), affiliation: .provider, groups: groups,
      roles: roles, claims: claims)
  }

  struct Row: Sendable {
    let name: String
    let approvers: Approvers
    let person: Person
    let isIncluded: Bool
  }

  private static func approvers(
    people: Set<String> = [], groups: Set<String> = [], roles: Set<String> = [],
    claims: [ClaimCondition] = []
  ) -> Approvers {
    Approvers(people: people, groups: groups, roles: roles, claims: claims, quorum: 1)
  }

  private static let cleared = ClaimCondition(claim: "clearance", anyOf: ["secret", "top"])
  private static let strong = ClaimCondition(claim: "mfa", anyOf: ["true"])

  static let rows = [
    Row(name: "named", approvers: approvers(people: ["max"]), person: person(), isIncluded: true),
    Row(
      name: "not named", approvers: approvers(people: ["mia"]), person: person(),
      isIncluded: false),
    Row(name: "nobody named", approvers: approvers(), person: person(), isIncluded: false),
    Row(
      name: "other case", approvers: approvers(people: ["Max"]), person: person(),
      isIncluded: false),
    // Two texts to Unicode's equivalence, one to the eye: é, and e with U+0301.
    Row(
      name: "equivalent text", approvers: approvers(people: ["re\u{301}mi"]),
      person: person("r\u{E9}mi"), isIncluded: false),
    Row(
      name: "group", approvers: approvers(groups: ["ops", "sec"]),
      person: person(groups: ["sec"]), isIncluded: true),
    Row(
      name: "role", approvers: approvers(roles: ["manager"]),
      person: person(roles: ["manager", "engineer"]), isIncluded: true),
    Row(
      name: "a group of a role's name", approvers: approvers(roles: ["manager"]),
      person: person(groups: ["manager"]), isIncluded: false),
    Row(
      name: "claims alone", approvers: approvers(claims: [cleared]),
      person: person(claims: ["clearance": ["top"]]), isIncluded: true),
    Row(
      name: "claim of another value", approvers: approvers(claims: [cleared]),
      person: person(claims: ["clearance": ["none"]]), isIncluded: false),
    Row(
      name: "no such claim", approvers: approvers(claims: [cleared]), person: person(),
      isIncluded: false),
    Row(
      name: "one of two claims", approvers: approvers(claims: [cleared, strong]),
      person: person(claims: ["clearance": ["top"]]), isIncluded: false),
    Row(
      name: "both claims", approvers: approvers(claims: [cleared, strong]),
      person: person(claims: ["clearance": ["x", "secret"], "mfa": ["true"]]), isIncluded: true),
    Row(
      name: "claims, but not named", approvers: approvers(groups: ["sec"], claims: [strong]),
      person: person(claims: ["mfa": ["true"]]), isIncluded: false),
    Row(
      name: "named, without the claim", approvers: approvers(people: ["max"], claims: [strong]),
      person: person(), isIncluded: false),
    Row(
      name: "named, with the claim", approvers: approvers(people: ["max"], claims: [strong]),
      person: person(claims: ["mfa": ["true"]]), isIncluded: true),
  ]

  @Test("people, groups and roles name; claims must all hold", arguments: rows)
  func include(_ row: Row) {
    #expect(row.approvers.include(row.person) == row.isIncluded, "\(row.name)")
  }

  private static func record(
    allowsEarlier: Bool = false, escalation: Escalation? = nil
  ) -> RequestRecord {
    let approvers = Approvers(people: ["max", "mia"], groups: [], quorum: 1)
    let snapshot = PolicySnapshot(
      policyVersion: 1, tenantVersion: 1,
      stages: [
        Stage(
          name: "one", side: .provider, approvers: approvers, lifetime: .hours(2),
          escalation: escalation),
        Stage(
          name: "two", side: .provider, approvers: approvers, lifetime: .hours(2),
          allowsEarlierApprovers: allowsEarlier),
      ], longestAccess: .hours(4))
    let record = RequestRecord(request: Example.request())
    guard
      let opened = try? Transition.apply(.open(snapshot), to: record, at: Example.start).record
    else { preconditionFailure("a received request opens") }
    return opened
  }

  @Test("one person decides at two stages only where the later one says so, and once at each")
  func earlierApprovers() throws {
    for isAllowed in [false, true] {
      let one = try Transition.apply(
        Example.decide(.approve, by: Self.person(), stage: 0),
        to: Self.record(allowsEarlier: isAllowed), at: Example.start
      ).record
      let second = Example.decide(.approve, by: Self.person(), stage: 1)
      let outcome = Outcome(second, on: one, at: Example.start)
      #expect(outcome == (isAllowed ? .changed(.approved) : .refused(.alreadyDecided)))
      // The first stage's word again is that word, whatever the second stage allows.
      let echo = Example.decide(.approve, by: Self.person(), stage: 0)
      #expect(Outcome(echo, on: one, at: Example.start) == .unchanged)
      let otherwise = Example.decide(.deny, by: Self.person(), stage: 0)
      #expect(Outcome(otherwise, on: one, at: Example.start) == .refused(.alreadyDecided))
    }
  }

  @Test("the requester never decides, at a stage that allows earlier people neither")
  func requester() {
    let requester = Person(
      subject: Example.engineer, affiliation: .provider, groups: ["managers"])
    for isAllowed in [false, true] {
      let event = Example.decide(.approve, by: requester, stage: 0)
      let record = Self.record(allowsEarlier: isAllowed)
      #expect(Outcome(event, on: record, at: Example.start) == .refused(.ownRequest))
    }
  }

  @Test(
    "more people may decide from the escalation on, by the clock, whatever was announced",
    arguments: [
      (Duration.hours(1) - .nanoseconds(1), Outcome.refused(.notEligible)),
      (.hours(1), .changed(.awaitingProvider)),
      (.hours(2) - .nanoseconds(1), .changed(.awaitingProvider)),
      (.hours(2), .refused(.requestExpired)),
    ])
  func escalation(after: Duration, outcome: Outcome) throws {
    let record = Self.record(
      escalation: Escalation(
        after: .hours(1), approvers: Approvers(people: [], groups: ["chiefs"], quorum: 0)))
    let chief = Self.person("cleo", groups: ["chiefs"])
    let decision = Example.decide(.approve, by: chief, stage: 0)
    #expect(Outcome(decision, on: record, at: Example.start + after) == outcome)
    if case .refused = outcome { return }
    #expect(
      Outcome(.ask("why?", by: chief), on: record, at: Example.start + after)
        == .changed(.awaitingProvider))
    // Announced early, by a clock that is wrong: nothing changes.
    let announced = try Transition.apply(.announce(stage: 0), to: record, at: Example.start).record
    #expect(
      Outcome(decision, on: announced, at: Example.start + .minutes(59))
        == .refused(.notEligible))
  }
}
