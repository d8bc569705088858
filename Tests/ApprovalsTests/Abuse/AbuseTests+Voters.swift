internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@testable internal import Approvals

extension AbuseTests {
  @Test("self-approval")
  func selfApproval() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      for verdict in [CommonV1.Verdict.approve, .deny] {
        try await Self.expectNoVote(
          lockbox, opened, verdict,
          as: Self.manager(
            lockbox, Sample.engineer.id, groups: ["managers"], roles: [.engineer, .manager]))
      }
    }
  }

  @Test("self-approval by a group joined after submitting")
  func joinedGroup() async throws {
    let policy = WorkloadPolicy(
      workload: Sample.mail,
      stages: [
        .init(
          name: "late", approvers: Approvers(people: [], groups: ["late"], quorum: 1),
          lifetime: .hours(2))
      ])
    try await ApprovalsFixture.run(Sample.tenant(enabled: false), policy) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      lockbox.clock.advance(by: .minutes(1))
      try await Self.expectNoVote(
        lockbox, opened, as: Self.manager(lockbox, Sample.engineer.id, groups: ["late"]))
    }
  }

  /// Who looks like somebody whom the stage names, to people or to Unicode.
  static let aliases = [
    "MAX", "Max", "m\u{430}x", "\u{FF4D}\u{FF41}\u{FF58}", "max ", "max@login.provider.test",
    "max\u{301}", "rene\u{301}", "REN\u{C9}", "rene",
  ]

  @Test("a vote under the alias of an approver: case, confusable, composed otherwise")
  func approversAlias() async throws {
    let policy = WorkloadPolicy(
      workload: Sample.mail,
      stages: [
        .init(
          name: "named",
          approvers: Approvers(
            people: ["max", "ren\u{E9}"], groups: ["\u{E9}quipe", "managers"], quorum: 1),
          lifetime: .hours(2))
      ])
    try await ApprovalsFixture.run(Sample.tenant(), policy) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      for alias in Self.aliases {
        try await Self.expectNoVote(
          lockbox, opened, as: Self.manager(lockbox, alias, groups: []))
      }
      for group in ["e\u{301}quipe", "\u{C9}QUIPE", "Managers", "m\u{430}nagers", "managers "] {
        try await Self.expectNoVote(
          lockbox, opened, as: Self.manager(lockbox, "stranger", groups: [group]))
      }
      let record = try await lockbox.decide(
        opened, .approve, stage: 0, as: Self.manager(lockbox, "ren\u{E9}", groups: []))
      #expect(record.state == .awaitingCustomer)
    }
  }

  @Test("a vote by the approver's name at another issuer")
  func otherIssuer() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let usurper = lockbox.installation.bearer(
        lockbox.installation.contoso, "max", [.manager, .approver], groups: ["managers"])
      try await Self.expectNoVote(lockbox, opened, as: usurper)
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      let provider = lockbox.installation.bearer(
        lockbox.installation.provider, "oda", [.manager, .approver], groups: ["owners"])
      try await Self.expectNoVote(lockbox, opened, stage: 1, as: provider)
    }
  }

  @Test("the same approver twice, with another name to show and other groups")
  func twice() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let first = try await lockbox.decide(
        opened, .approve, stage: 0, as: Self.manager(lockbox, "max", groups: ["managers"]))
      let last = lockbox.store.database.feed.last
      lockbox.clock.advance(by: .seconds(5))
      let again = try await lockbox.decide(
        opened, .approve, stage: 0, as: Self.manager(lockbox, "max", groups: ["others"]))
      #expect(again == first && again.stages.map(\.approvals) == [1, 0])
      #expect(lockbox.store.database.feed.last == last)
      try await Self.expectNoVote(
        lockbox, opened, .deny, as: Self.manager(lockbox, "max", groups: ["managers"]),
        .alreadyExists, "ALREADY_DECIDED", state: "AWAITING_PROVIDER")
    }
  }

  @Test("the same approver at two stages")
  func bothStages() async throws {
    let approvers = Approvers(people: [], groups: ["managers"], quorum: 1)
    let policy = WorkloadPolicy(
      workload: Sample.mail,
      stages: [
        .init(name: "first", approvers: approvers, lifetime: .hours(2)),
        .init(name: "second", approvers: approvers, lifetime: .hours(2)),
      ])
    try await ApprovalsFixture.run(Sample.tenant(), policy) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("mia"))
      try await Self.expectNoVote(
        lockbox, opened, stage: 1, as: lockbox.manager("mia"), .alreadyExists,
        "ALREADY_DECIDED", state: "AWAITING_PROVIDER")
    }
  }

  /// What was said while it was theirs to say counts; from then on they say nothing more.
  @Test("a vote by an approver who lost the role, or the group, before the quorum")
  func lostRole() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 3)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("mia"))
      try await Self.expectNoVote(
        lockbox, opened, as: Self.manager(lockbox, "moe", groups: ["managers"], roles: []))
      try await Self.expectNoVote(
        lockbox, opened, as: Self.manager(lockbox, "moe", groups: ["managers"], roles: [.engineer]))
      try await Self.expectNoVote(lockbox, opened, as: Self.manager(lockbox, "moe", groups: []))
      try await Self.expectNoVote(
        lockbox, opened, .deny,
        as: Self.manager(lockbox, "mia", groups: ["managers"], roles: [.engineer]))
      #expect(try await Self.now(lockbox, opened).approvals(at: 0) == 1)
    }
  }

  @Test("a policy relaxed after submitting, lockbox switched off after submitting")
  func relaxed() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      let relaxed = WorkloadPolicy(
        workload: Sample.mail,
        stages: [
          .init(
            name: "anybody", approvers: Approvers(people: [], groups: ["cooks"], quorum: 1),
            lifetime: .hours(2))
        ])
      let applied = try await lockbox.people.unary(
        Policies.applyPolicy, .init(policy: relaxed.message), options: lockbox.operatorOptions())
      #expect(applied.changed)
      let off = try await lockbox.people.unary(
        Tenants.applyTenant, .init(settings: Sample.tenant(enabled: false).message),
        options: lockbox.admin())
      #expect(off.changed)
      try await Self.expectNoVote(
        lockbox, opened, as: Self.manager(lockbox, "cook", groups: ["cooks"]))
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m1"))
      let record = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m2"))
      #expect(record.state == .awaitingCustomer && record.grant == nil)
    }
  }
}
