internal import Testing

@testable internal import Domain

/// Who may decide, once, on what: invariants I1, I2, I9 and I10 at their root.
struct DecisionTests {
  private func run(
    _ events: [RequestEvent], from record: RequestRecord = Example.record(.received),
    at now: Timestamp = Example.start
  ) throws(Refusal) -> (record: RequestRecord, effects: [RequestEffect]) {
    var record = record
    var effects: [RequestEffect] = []
    for event in events {
      let transition = try Transition.apply(event, to: record, at: now)
      record = transition.record
      effects += transition.effects
    }
    return (record, effects)
  }

  private static let providerApproval: [RequestEvent] = [
    .open(Example.snapshot),
    Example.decide(.approve, by: Example.manager("max"), stage: 0),
    Example.decide(.approve, by: Example.manager("mia"), stage: 0),
    Example.decide(.approve, by: Example.manager("dora"), stage: 1),
  ]

  @Test("stages open in order, each at its quorum, and the last one gives the grant")
  func inOrder() throws {
    let (record, effects) = try run(
      Self.providerApproval + [Example.decide(.approve, by: Example.approver("ana"), stage: 2)])
    #expect(record.state == .approved)
    #expect(record.decisions.map(\.approver.id) == ["max", "mia", "dora", "ana"])
    let opened = effects.compactMap { effect -> Int? in
      if case .stageOpened(let stage, _) = effect { stage } else { nil }
    }
    #expect(opened == [0, 1, 2])
    let grant = try #require(record.grant)
    #expect(effects.last == .approved(grant))
    #expect(grant.start == Example.start)
    #expect(grant.end == Example.start + .hours(2))
  }

  // I1. Breaks when Transition+Approval.swift `advance` skips its `if index + 1 < …` line.
  @Test("no grant while any stage lacks its quorum", arguments: 0..<4)
  func noGrantBefore(_ count: Int) throws {
    let (record, effects) = try run(Array(Self.providerApproval.prefix(count + 1)))
    #expect(record.grant == nil)
    #expect(record.state != .approved)
    #expect(!effects.contains { if case .approved = $0 { true } else { false } })
  }

  // I2. Breaks when `decide` drops its `.ownRequest` line.
  @Test("the requester never counts, in whatever role or spelling of the name")
  func ownRequest() throws {
    let opened = try run([.open(Example.snapshot)]).record
    for name in ["Erin", "Somebody Else"] {
      let self_ = Person(
        subject: Subject(issuer: Example.provider, id: "erin", displayName: name),
        affiliation: .provider, groups: ["managers"])
      #expect(
        Outcome(Example.decide(.approve, by: self_, stage: 0), on: opened, at: Example.start)
          == .refused(.ownRequest))
    }
  }

  // I2. Breaks when `decide` looks for earlier decisions of the same stage only.
  @Test("a person counts once over all stages; the same word again changes nothing")
  func once() throws {
    let one = try run([
      .open(Example.snapshot), Example.decide(.approve, by: Example.manager("dora"), stage: 0),
    ]).record
    let again = Example.decide(.approve, by: Example.manager("dora"), stage: 0)
    #expect(Outcome(again, on: one, at: Example.start) == .unchanged)
    let otherwise = Example.decide(.deny, by: Example.manager("dora"), stage: 0)
    #expect(Outcome(otherwise, on: one, at: Example.start) == .refused(.alreadyDecided))

    let renamed = Person(
      subject: Subject(issuer: Example.provider, id: "dora", displayName: "Theodora"),
      affiliation: .provider, groups: ["managers"])
    #expect(
      Outcome(Example.decide(.approve, by: renamed, stage: 0), on: one, at: Example.start)
        == .unchanged)

    let next = try run(
      [Example.decide(.approve, by: Example.manager("mia"), stage: 0)], from: one
    ).record
    #expect(next.state.openStage?.index == 1)
    #expect(
      Outcome(
        Example.decide(.approve, by: Example.manager("dora"), stage: 1), on: next,
        at: Example.start) == .refused(.alreadyDecided))
  }

  @Test("the same word again is answered alike after the request has moved on")
  func lateEcho() throws {
    let record = try run(Self.providerApproval).record
    let echo = Example.decide(.approve, by: Example.manager("max"), stage: 0)
    #expect(Outcome(echo, on: record, at: Example.start + .hours(100)) == .unchanged)
  }

  static let strangers: [(String, Person)] = [
    ("nobody named", Person(subject: Example.manager("max").subject, affiliation: .provider)),
    ("the customer's approver", Example.approver("ana")),
    (
      "a customer with the managers' group",
      Person(
        subject: Subject(issuer: Example.acmeIssuer, id: "eve"),
        affiliation: .tenant(Example.acme), groups: ["managers"])
    ),
  ]

  @Test("only the stage's own people may decide", arguments: strangers)
  func provider(_ name: String, _ person: Person) throws {
    let opened = try run([.open(Example.snapshot)]).record
    #expect(
      Outcome(Example.decide(.approve, by: person, stage: 0), on: opened, at: Example.start)
        == .refused(.notEligible))
  }

  @Test("managers and other tenants' approvers cannot decide for the customer")
  func customer() throws {
    let waiting = try run(Self.providerApproval).record
    let manager = Person(
      subject: Example.manager("moe").subject, affiliation: .provider,
      groups: ["lockbox-approvers"])
    let foreign = Example.approver("ana", of: TenantID("globex")!)
    for person in [manager, foreign] {
      #expect(
        Outcome(Example.decide(.approve, by: person, stage: 2), on: waiting, at: Example.start)
          == .refused(.notEligible))
    }
  }

  // I9. Breaks when `decide` drops its `.digestMismatch` line.
  @Test("a decision over another digest is refused")
  func digest() throws {
    let opened = try run([.open(Example.snapshot)]).record
    let event = Example.decide(
      .approve, by: Example.manager("max"), stage: 0, digest: Example.otherDigest)
    #expect(Outcome(event, on: opened, at: Example.start) == .refused(.digestMismatch))
  }

  @Test("a decision meant for another stage is refused", arguments: [1, 2, 7])
  func otherStage(_ stage: Int) throws {
    let opened = try run([.open(Example.snapshot)]).record
    let event = Example.decide(.approve, by: Example.manager("max"), stage: stage)
    #expect(Outcome(event, on: opened, at: Example.start) == .refused(.stageNotOpen))
  }

  @Test("one denial ends it, whatever was approved before")
  func denial() throws {
    let (record, effects) = try run(
      Self.providerApproval + [Example.decide(.deny, by: Example.approver("ana"), stage: 2)])
    #expect(record.state == .denied)
    #expect(record.grant == nil)
    #expect(effects.last == .denied(stage: 2, reason: .decision))
  }

  @Test(
    "access is as long as asked, never longer than the snapshot allows",
    arguments: [
      (Duration.hours(1), Duration.hours(1)), (.hours(4), .hours(4)), (.hours(100), .hours(4)),
    ])
  func window(asked: Duration, given: Duration) throws {
    let record = RequestRecord(request: Example.request(duration: asked))
    let approved = try run(
      Self.providerApproval + [Example.decide(.approve, by: Example.approver("ana"), stage: 2)],
      from: record
    ).record
    let grant = try #require(approved.grant)
    #expect(grant.end - grant.start == given)
  }

  @Test("lockbox off skips the customer's stage only")
  func lockboxOff() throws {
    let tenant = TenantSettings(
      tenant: Example.acme, displayName: "Acme", lockboxEnabled: false,
      requestLifetime: .hours(12), longestAccess: .hours(24),
      approvers: Approvers(people: [], groups: [], quorum: 0), contacts: [])
    let policy = WorkloadPolicy(
      workload: Workload("exchange")!,
      stages: [
        .init(
          name: "team", approvers: Approvers(people: ["max"], groups: [], quorum: 1),
          lifetime: .hours(1))
      ])
    let snapshot = PolicySnapshot(
      policy: policy, version: 1, tenant: tenant, version: 2, request: Example.request())
    #expect(snapshot.stages.map(\.side) == [.provider])
    #expect(snapshot.longestAccess == Limits.longestAccess)
    let (record, effects) = try run([
      .open(snapshot), Example.decide(.approve, by: Example.manager("max"), stage: 0),
    ])
    #expect(record.state == .approved)
    #expect(effects.count == 4)
  }
}
