internal import Testing

@testable internal import Domain

@Suite("Replays")
struct ReplayTests {
  private static func decision(
    _ person: String, stage: Int, _ verdict: Verdict = .approve, customer: Bool = false
  ) -> Decision {
    Decision(
      stage: stage, verdict: verdict,
      approver: Subject(issuer: customer ? Example.acmeIssuer : Example.provider, id: person),
      comment: "", digest: Example.digest, time: Example.start + .minutes(5))
  }

  /// Approved by two of the team, by dora on duty, and by the customer.
  private static let granted = Example.record(
    .ended,
    decisions: [
      decision("moe", stage: 0), decision("max", stage: 0), decision("dora", stage: 1),
      decision("ana", stage: 2, customer: true),
    ], grant: Example.grant)

  private static func stage(
    _ name: String, people: Set<String> = [], groups: Set<String> = [], quorum: Int = 1
  ) -> Stage {
    Stage(
      name: name, side: .provider,
      approvers: Approvers(people: people, groups: groups, quorum: quorum), lifetime: .hours(1))
  }

  /// - Parameter stages: those of the other policy; the customer's is the tenant's.
  private static func replay(
    _ stages: [Stage]?, of record: RequestRecord = granted
  ) throws -> Replay {
    let policy = stages.map { stages in
      WorkloadPolicy(
        workload: Example.exchange,
        stages: stages.filter { $0.side == .provider }.map {
          .init(name: $0.name, approvers: $0.approvers, lifetime: $0.lifetime)
        })
    }
    let tenant = TenantSettings(
      tenant: Example.acme, displayName: "", lockboxEnabled: true,
      requestLifetime: .hours(12), longestAccess: .hours(4),
      approvers: Example.snapshot.stages[2].approvers, contacts: [])
    return try Replay(of: record, under: policy, tenant: tenant, version: 5)
  }

  private static let before = Example.snapshot.stages

  @Test("the same stages give the same answer")
  func same() throws {
    let replay = try Self.replay(Self.before)
    #expect(replay.outcome == .same)
    #expect(replay.decisions.allSatisfy { $0.isEligible == true })
    #expect(replay.stages.map(\.approvals) == [2, 1, 1])
  }

  @Test("the approvals of then are held against the stages of now")
  func table() throws {
    let customer = Self.before[2]
    let table: [([Stage], Replay.Outcome, [Bool?], [Int])] = [
      // Fewer are needed.
      (
        [Self.stage("team", groups: ["managers"]), Self.before[1], customer], .approved,
        [true, true, true, true], [2, 1, 1]
      ),
      // More are needed.
      (
        [Self.stage("team", groups: ["managers"], quorum: 3), Self.before[1], customer], .waiting,
        [true, true, true, true], [2, 1, 1]
      ),
      // A stage of its own, which nobody has decided at.
      (
        Array(Self.before.prefix(2)) + [Self.stage("security", groups: ["security"])], .waiting,
        [true, true, true, true], [2, 1, 0, 1]
      ),
      // Another group: tokens are not kept.
      (
        [Self.stage("team", groups: ["leads"], quorum: 2), Self.before[1], customer], .uncertain,
        [nil, nil, true, true], [0, 1, 1]
      ),
      // Others by name.
      (
        [Self.before[0], Self.stage("duty", people: ["dirk"]), customer], .waiting,
        [true, true, false, true], [2, 0, 1]
      ),
      (
        [Self.stage("team", people: ["moe", "max"], quorum: 2), Self.before[1], customer],
        .approved, [true, true, true, true], [2, 1, 1]
      ),
      // The stage of duty is gone.
      ([Self.before[0], customer], .approved, [true, true, false, true], [2, 1]),
    ]
    for (index, (stages, outcome, eligible, approvals)) in table.enumerated() {
      let replay = try Self.replay(stages)
      #expect(replay.outcome == outcome, "\(index)")
      #expect(replay.decisions.map(\.isEligible) == eligible, "\(index)")
      #expect(replay.stages.map(\.approvals) == approvals, "\(index)")
    }
    let gone = try Self.replay([Self.before[0], customer])
    #expect(gone.decisions.map(\.stage) == [0, 0, nil, 1])
  }

  @Test("what is denied at once, then and now")
  func denials() throws {
    #expect(try Self.replay(nil).outcome == .denied)
    #expect(try Self.replay(nil).denial == .noPolicy)
    let refused = RequestRecord(
      request: Example.request(), state: .denied, denial: .noPolicy)
    #expect(try Self.replay(nil, of: refused).outcome == .same)
    #expect(try Self.replay(Self.before, of: refused).outcome == .opened)
    let expired = Example.record(.expired)
    #expect(try Self.replay([Self.before[0]], of: expired).outcome == .changed)
    #expect(try Self.replay(Self.before, of: expired).outcome == .same)
    let deniedByPerson = Example.record(.denied, decisions: [Self.decision("moe", stage: 0, .deny)])
    #expect(try Self.replay([Self.before[0]], of: deniedByPerson).outcome == .changed)
    let overdue = RequestRecord(
      request: Example.request(), state: .denied, denial: .reviewOverdue)
    #expect(try Self.replay(Self.before, of: overdue).outcome == .same)
  }
}
