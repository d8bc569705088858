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
  @Test("a request changed after a vote")
  func changedRequest() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Sample.policy(quorum: 2)) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("m1"))
      let id = opened.record.request.id
      // The same id again, with more asked for under it.
      let other = try Sample.received(at: lockbox.clock.now(), duration: .hours(4), id: id)
      try await lockbox.store.write { try $0.applyIntake(other) }
      let kept = try await Self.now(lockbox, opened)
      #expect(kept.request == opened.record.request && kept.approvals(at: 0) == 1)
      guard case .accessRequestReceived(let received) = other.payload else { return }
      await expectRefusal(.failedPrecondition, "DIGEST_MISMATCH", state: "AWAITING_PROVIDER") {
        () async throws(RPCError) in
        try await lockbox.decide(
          opened, .approve, stage: 0, as: lockbox.manager("m2"), digest: received.requestDigest)
      }
      #expect(try await Self.now(lockbox, opened) == kept)
    }
  }

  @Test("an event of intake whose request is not the one that its digest names")
  func forgedDigest() async throws {
    try await ApprovalsFixture.run { lockbox in
      var event = try Sample.received(at: lockbox.clock.now())
      guard case .accessRequestReceived(var received) = event.payload else { return }
      received.requestDigest[0] ^= 1
      event.payload = .accessRequestReceived(received)
      let forged = event
      let last = lockbox.store.database.feed.last
      await #expect(throws: StoredMessageError.self) {
        try await lockbox.store.write { try $0.applyIntake(forged) }
      }
      #expect(lockbox.store.database.feed.last == last)
    }
  }

  /// How a request came to its end, and what a late vote is told.
  enum Ending: CaseIterable, Sendable {
    case expired, denied, withdrawn, approved, revoked, returned

    var refusal: (reason: String, state: String) {
      switch self {
      case .expired: ("REQUEST_EXPIRED", "EXPIRED")
      case .denied: ("REQUEST_CLOSED", "DENIED")
      case .withdrawn: ("REQUEST_CLOSED", "WITHDRAWN")
      case .approved: ("REQUEST_CLOSED", "APPROVED")
      case .revoked: ("REQUEST_CLOSED", "REVOKED")
      case .returned: ("REQUEST_CLOSED", "ENDED")
      }
    }

    func reach(_ lockbox: ApprovalsFixture) async throws -> StoredRequest {
      let store = lockbox.store
      switch self {
      case .expired:
        let opened = try await store.open(at: lockbox.clock.now())
        lockbox.clock.set(try #require(opened.record.deadline))
        return try await store.apply(.expire(stage: 0), to: opened.record.request.id)
      case .denied:
        let opened = try await store.open(at: lockbox.clock.now())
        return try await store.decide(opened, .deny, stage: 0, by: Sample.manager("mia"))
      case .withdrawn:
        let opened = try await store.open(at: lockbox.clock.now())
        return try await store.apply(
          .withdraw(by: Sample.engineer), to: opened.record.request.id)
      case .approved: return try await lockbox.granted()
      case .revoked:
        let granted = try await lockbox.granted()
        return try await store.apply(
          .revoke(by: Sample.owner("oda")), to: granted.record.request.id)
      case .returned:
        let granted = try await lockbox.granted()
        return try await store.apply(
          .returnGrant(by: Sample.engineer), to: granted.record.request.id)
      }
    }
  }

  @Test("a vote on what is over: expired, denied, withdrawn, approved, revoked, returned")
  func lateVotes() async throws {
    try await ApprovalsFixture.run { lockbox in
      for ending in Ending.allCases {
        let stored = try await ending.reach(lockbox)
        for verdict in [CommonV1.Verdict.approve, .deny] {
          for (stage, who) in [
            (0, lockbox.manager("m9")), (1, lockbox.owner("ona")), (1, lockbox.owner("other")),
          ] as [(UInt32, CallOptions)] {
            try await Self.expectNoVote(
              lockbox, stored, verdict, stage: stage, as: who, .failedPrecondition,
              ending.refusal.reason, state: ending.refusal.state)
          }
        }
      }
    }
  }

  /// A denial comes too late once the last approval stands. The customer's no is then a revocation,
  /// and wins over a token that was not issued yet.
  @Test("a token after the customer's no: revoked between the approval and the first token")
  func noAfterApproval() async throws {
    try await ApprovalsFixture.run { lockbox in
      let granted = try await lockbox.granted()
      let grant = try #require(granted.record.grant?.id.description)
      try await Self.expectNoVote(
        lockbox, granted, .deny, stage: 1, as: lockbox.owner("ona"), .failedPrecondition,
        "REQUEST_CLOSED", state: "APPROVED")
      _ = try await lockbox.people.unary(
        Approvals.revokeGrant, .init(grantID: grant), options: lockbox.owner("ona"))
      await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE", state: "REVOKED") {
        () async throws(RPCError) in
        try await lockbox.people.unary(
          Grants.issueAccessToken, .init(grantID: grant), options: lockbox.engineer())
      }
    }
  }

  @Test("two grants from one request: last approvals at once, by several and by one again")
  func twoGrants() async throws {
    try await ApprovalsFixture.run { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      let outcomes = await withTaskGroup(of: String.self) { votes in
        for number in 0..<8 {
          // Four people, each of them twice.
          let who = lockbox.owner("o\(number % 4)")
          votes.addTask {
            do throws(RPCError) {
              let record = try await lockbox.decide(opened, .approve, stage: 1, as: who)
              return record.grant?.grantID ?? "none"
            } catch {
              return error.reason ?? "\(error)"
            }
          }
        }
        return await votes.reduce(into: []) { $0.append($1) }
      }
      let grants = Set(outcomes.filter { $0 != "REQUEST_CLOSED" })
      let kept = try await Self.now(lockbox, opened)
      #expect(grants == [try #require(kept.grant).id.description], "\(outcomes)")
      #expect(kept.approvals(at: 1) == 1)
      let approvals = try await lockbox.events().count {
        if case .accessRequestApproved = $0.payload { true } else { false }
      }
      #expect(approvals == 1)
    }
  }

  @Test("use after the end, after the revocation, after giving it back")
  func lateUse() async throws {
    try await ApprovalsFixture.run { lockbox in
      for (ending, state) in [(Ending.revoked, "REVOKED"), (.returned, "ENDED")] {
        let stored = try await ending.reach(lockbox)
        try await Self.expectNoToken(lockbox, stored, state: state)
      }
      let granted = try await lockbox.granted()
      let end = try #require(granted.record.grant?.end)
      lockbox.clock.set(end - .seconds(1))
      let last = try await lockbox.people.unary(
        Grants.issueAccessToken,
        .init(grantID: try #require(granted.record.grant).id.description),
        options: lockbox.engineer())
      #expect(last.expireTime == .init(end))
      lockbox.clock.set(end)
      try await Self.expectNoToken(lockbox, granted, state: "ENDED")
    }
  }

  private static func expectNoToken(
    _ lockbox: ApprovalsFixture, _ stored: StoredRequest, state: String
  ) async throws {
    let grant = try #require(stored.record.grant?.id.description)
    let last = lockbox.store.database.feed.last
    await expectRefusal(.failedPrecondition, "GRANT_NOT_LIVE", state: state) {
      () async throws(RPCError) in
      try await lockbox.people.unary(
        Grants.issueAccessToken, .init(grantID: grant), options: lockbox.engineer())
    }
    #expect(lockbox.store.database.feed.last == last)
  }
}
