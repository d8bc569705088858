internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Approvals

extension AbuseTests {
  /// Waits for two of the customer's people; oda has lent her seat to somebody of that name.
  private func lent(
    to delegate: String, _ body: (ApprovalsFixture, StoredRequest) async throws -> Void
  ) async throws {
    try await ApprovalsFixture.run(
      AbsenceTests.tenant(quorum: 2, people: ["oda", "olga", "ona"])
    ) { lockbox in
      _ = try await lockbox.people.unary(
        ApprovalsV1.AbsenceService.setAbsence,
        .init(delegate: delegate, endTime: .init(lockbox.clock.now() + .hours(4))),
        options: lockbox.owner("oda", groups: []))
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      try await body(lockbox, opened)
    }
  }

  @Test("two votes of a delegate: the lent one and their own")
  func delegateTwice() async throws {
    try await lent(to: "olga") { lockbox, opened in
      let olga = lockbox.owner("olga", groups: [])
      let first = try await lockbox.decide(
        opened, .approve, stage: 1, as: olga, onBehalfOf: "oda")
      #expect(first.state == .awaitingCustomer)
      try await Self.expectNoVote(
        lockbox, opened, stage: 1, as: olga, .alreadyExists, "ALREADY_DECIDED",
        state: "AWAITING_CUSTOMER")
    }
  }

  @Test("self-approval as a delegate: the provider's people hold no seat of a customer's")
  func providerAsDelegate() async throws {
    try await lent(to: Sample.engineer.id) { lockbox, opened in
      for roles in [[Role.manager], [.engineer, .manager]] {
        let who = Self.manager(
          lockbox, Sample.engineer.id, groups: ["managers", "owners"], roles: roles)
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await lockbox.decide(opened, .approve, stage: 1, as: who, onBehalfOf: "oda")
        }
      }
      let kept = try await Self.now(lockbox, opened)
      #expect(kept.approvals(at: 1) == 0)
    }
  }

  @Test("a vote on a lent seat once it was given back, and by a name like the delegate's")
  func overdueDelegate() async throws {
    try await lent(to: "dan") { lockbox, opened in
      for name in ["Dan", "d\u{E1}n", "da\u{301}n"] {
        await expectRefusal(.permissionDenied) { () async throws(RPCError) in
          try await lockbox.decide(
            opened, .approve, stage: 1, as: lockbox.owner(name, groups: []), onBehalfOf: "oda")
        }
      }
      lockbox.clock.advance(by: .hours(4))
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(
          opened, .approve, stage: 1, as: lockbox.owner("dan", groups: []), onBehalfOf: "oda")
      }
      let kept = try await Self.now(lockbox, opened)
      #expect(kept.approvals(at: 1) == 0)
    }
  }
}
