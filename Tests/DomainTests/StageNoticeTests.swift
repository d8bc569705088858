internal import Testing

@testable internal import Domain

/// What is told of an open stage, once each, by the clock.
struct StageNoticeTests {
  static func record(
    people: Set<String> = ["max", "mia"], groups: Set<String> = [], quorum: Int = 1,
    escalation: Escalation? = nil, side: Side = .provider
  ) -> RequestRecord {
    let snapshot = PolicySnapshot(
      policyVersion: 1, tenantVersion: 1,
      stages: [
        Stage(
          name: "team", side: side,
          approvers: Approvers(people: people, groups: groups, quorum: quorum),
          lifetime: .hours(10), escalation: escalation),
        Stage(
          name: "duty", side: .provider,
          approvers: Approvers(people: people, groups: groups, quorum: quorum),
          lifetime: .hours(2)),
      ], longestAccess: .hours(4))
    let record = RequestRecord(request: Example.request())
    guard
      let opened = try? Transition.apply(.open(snapshot), to: record, at: Example.start).record
    else { preconditionFailure("a received request opens") }
    return opened
  }

  private static let chiefs = Escalation(
    after: .hours(3), approvers: Approvers(people: ["cleo"], groups: [], quorum: 0))

  private func announce(
    _ record: inout RequestRecord, after: Duration, stage: Int = 0, _ absences: [Absence] = []
  ) throws -> [StageNotice] {
    let transition = try Transition.apply(
      .announce(stage: stage, absences: absences), to: record, at: Example.start + after)
    record = transition.record
    return transition.effects.compactMap {
      if case .announced(let notice, stage, _, _) = $0 { notice } else { nil }
    }
  }

  @Test("each notice is told at its time, once, and names the time of the next")
  func times() throws {
    var record = Self.record(escalation: Self.chiefs)
    let steps: [(Duration, [StageNotice], next: Duration?)] = [
      (.hours(3) - .nanoseconds(1), [], .hours(3)),
      (.hours(3), [.escalated], .hours(5)),
      (.hours(3), [], .hours(5)),
      (.hours(5), [.reminder], .hours(9)),
      (.hours(9) - .nanoseconds(1), [], .hours(9)),
      (.hours(9), [.aboutToExpire], nil),
      (.hours(10) - .nanoseconds(1), [], nil),
      (.hours(10), [], nil),
    ]
    #expect(record.nextNoticeTime == Example.start + .hours(3))
    for step in steps {
      #expect(try announce(&record, after: step.0) == step.1)
      #expect(record.nextNoticeTime == step.next.map { Example.start + $0 })
    }
  }

  @Test("what was missed is told late, and all of it")
  func late() throws {
    var record = Self.record(escalation: Self.chiefs)
    #expect(
      try announce(&record, after: .hours(9)) == [.reminder, .escalated, .aboutToExpire])
    #expect(try announce(&record, after: .hours(9)) == [])
  }

  @Test("past the deadline, and of another stage, nothing is told")
  func closed() throws {
    var record = Self.record()
    #expect(try announce(&record, after: .hours(10)) == [])
    #expect(try announce(&record, after: .hours(9), stage: 1) == [])
    #expect(record.notices.isEmpty)
  }

  @Test("the next stage has notices of its own")
  func nextStage() throws {
    var record = Self.record()
    #expect(try announce(&record, after: .hours(5)) == [.reminder])
    let decision = Example.decide(.approve, by: EligibilityTests.person("max"), stage: 0)
    record = try Transition.apply(decision, to: record, at: Example.start + .hours(6)).record
    #expect(record.notices.isEmpty)
    #expect(record.nextNoticeTime == Example.start + .hours(7))
    #expect(try announce(&record, after: .hours(7), stage: 1) == [.reminder])
  }

  @Test("a quorum out of reach is told once, as far as it can be known")
  func outOfReach() throws {
    // Erin asked: her own seat is none here.
    var own = Self.record(people: ["max", "erin"], quorum: 2)
    #expect(try announce(&own, after: .zero) == [.quorumOutOfReach])
    #expect(try announce(&own, after: .zero) == [])
    var enough = Self.record(quorum: 2)
    #expect(try announce(&enough, after: .zero) == [])
    // A group may have any number of people.
    var group = Self.record(people: ["erin"], groups: ["managers"], quorum: 2)
    #expect(try announce(&group, after: .zero) == [])
    // Somebody more will be asked later.
    var later = Self.record(people: ["max", "erin"], quorum: 2, escalation: Self.chiefs)
    #expect(try announce(&later, after: .zero) == [])
  }

  @Test("whoever decided before is out of reach for the next stage")
  func decidedBefore() throws {
    var record = Self.record(people: ["max", "mia"])
    record = try Transition.apply(
      Example.decide(.approve, by: EligibilityTests.person("max"), stage: 0), to: record,
      at: Example.start
    ).record
    #expect(try announce(&record, after: .zero, stage: 1) == [])
    var alone = Self.record(people: ["max"])
    alone = try Transition.apply(
      Example.decide(.approve, by: EligibilityTests.person("max"), stage: 0), to: alone,
      at: Example.start
    ).record
    #expect(try announce(&alone, after: .zero, stage: 1) == [.quorumOutOfReach])
  }

  @Test("people who are away are out of reach, their delegates are not")
  func away() throws {
    func customer() -> RequestRecord {
      Self.record(people: ["ana", "abe"], quorum: 2, side: .customer)
    }
    let absences: [(Absence, [StageNotice])] = [
      (DelegationTests.absence(delegate: nil), [.quorumOutOfReach]),
      (DelegationTests.absence(delegate: "dan"), []),
      // Abe has one vote, whatever he holds.
      (DelegationTests.absence(delegate: "abe"), [.quorumOutOfReach]),
      // An admin's word that came later than the request lends nothing.
      (DelegationTests.absence(delegate: "dan", isOwn: false), [.quorumOutOfReach]),
    ]
    for (absence, told) in absences {
      var record = customer()
      #expect(try announce(&record, after: .zero, [absence]) == [])
      #expect(try announce(&record, after: .hours(1), [absence]) == told)
    }
  }

  @Test(
    "settings are short of approvers when too few are there",
    arguments: [
      (["ana", "abe"], 1, [DelegationTests.absence(delegate: nil)], nil),
      (["ana"], 1, [DelegationTests.absence(delegate: nil)], 0),
      (["ana"], 1, [DelegationTests.absence()], nil),
      (["ana", "abe"], 2, [DelegationTests.absence()], nil),
      (["ana", "abe"], 2, [DelegationTests.absence(delegate: "abe")], 1),
      // The delegate is away too.
      (["ana"], 1, [DelegationTests.absence(), DelegationTests.absence(of: "dan")], 0),
      // Two seats lent to one person are one vote.
      (
        ["ana", "abe"], 2, [DelegationTests.absence(), DelegationTests.absence(of: "abe")], 1
      ),
    ] as [(Set<String>, Int, [Absence], Int?)])
  func shortage(_ people: Set<String>, _ quorum: Int, _ absences: [Absence], _ available: Int?) {
    func settings(_ groups: Set<String> = [], enabled: Bool = true) -> TenantSettings {
      TenantSettings(
        tenant: Example.acme, displayName: "", lockboxEnabled: enabled,
        requestLifetime: .hours(12), longestAccess: .hours(4),
        approvers: Approvers(people: people, groups: groups, quorum: quorum), contacts: [])
    }
    let now = Example.start + .hours(2)
    #expect(settings().shortage(absences, at: now)?.available == available)
    // Before and after, everybody is there.
    #expect(settings().shortage(absences, at: Example.start) == nil)
    #expect(settings().shortage(absences, at: Example.start + .hours(5)) == nil)
    #expect(settings(["owners"]).shortage(absences, at: now) == nil)
    #expect(settings(enabled: false).shortage(absences, at: now) == nil)
  }
}
