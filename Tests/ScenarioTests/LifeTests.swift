internal import AccessToken
internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("Whole lives of requests")
  struct LifeTests {
    /// Of a request that both managers and the customer approve, up to its grant.
    static let approved = [
      "access_request_received", "access_request_opened", "stage_opened", "decision_recorded",
      "decision_recorded", "stage_opened", "decision_recorded", "access_request_approved",
    ]

    /// Of stages of a few seconds, a busy machine may come too late to tell them.
    static let notices: Set = ["stage_reminder", "access_request_about_to_expire"]

    /// What of it comes by approvals' feed.
    static let decided = Array(approved.dropFirst())

    /// The log's entries of a request in the order of each feed: between two feeds there is none.
    func expect(
      _ kinds: [String], of id: String, in tenant: String, _ deployment: Deployment,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let last = try #require(kinds.last)
      let book = try await deployment.log(of: tenant, with: last, of: id)
      // All feeds' last entries may be awaited only one at a time.
      var found = book
      let isComplete = try await eventually {
        found = try await deployment.log(of: tenant)
        return found.of(id).count { !Self.notices.contains($0.kind) } >= kinds.count
      }
      #expect(isComplete, sourceLocation: sourceLocation)
      let all = found.of(id)
      let notices = all.map(\.kind).filter { Self.notices.contains($0) }
      #expect(Set(notices).count == notices.count, sourceLocation: sourceLocation)
      let entries = all.filter { !Self.notices.contains($0.kind) }
      #expect(entries.map(\.kind).sorted() == kinds.sorted(), sourceLocation: sourceLocation)
      let decided = entries.filter { $0.event.feed == "approvals" }.map(\.kind)
      let others: Set = ["access_request_received", "withdrawal_received", "deadline_fired"]
      #expect(decided == kinds.filter { !others.contains($0) }, sourceLocation: sourceLocation)
      expectEachEventOnce(try await deployment.logs())
    }

    @Test("asked, approved by two managers and the customer, used, given back")
    func wholeLife() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let status = try await lockbox.submit(.init())
      #expect(status.state == .received)
      let id = try lockbox.id(status)
      var record = try await lockbox.opened(id)
      #expect(record.requestDigest == status.requestDigest)
      #expect(record.state == .awaitingProvider)
      record = try await lockbox.decide(record, by: lockbox.cast.managers[0])
      #expect(record.state == .awaitingProvider && record.stages[0].approvals == 1)
      record = try await lockbox.decide(record, by: lockbox.cast.managers[1])
      #expect(record.state == .awaitingCustomer && record.openStage == 1)
      record = try await lockbox.decide(record, by: lockbox.cast.customer("acme").approver)
      #expect(record.state == .approved && record.decisions.count == 3)

      let issued = try await lockbox.token(record)
      let verdict = try deployment.verdict(on: issued.accessToken)
      #expect(verdict.holds, "\(String(describing: verdict.firstFailure))")
      #expect(verdict.claims?.grant.id.description == record.grant?.grantID)

      try await lockbox.giveBack(record)
      let refused = try await refusal { try await lockbox.token(record) }
      #expect(refused.reason == "GRANT_NOT_LIVE")
      try await expect(
        Self.approved + ["access_token_issued", "grant_ended"], of: id, in: "acme", deployment)
    }

    @Test("one manager's no ends it")
    func denial() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.open(.init())
      let denied = try await lockbox.decide(record, .deny, by: lockbox.cast.managers[2])
      #expect(denied.state == .denied)
      let late = try await refusal {
        try await lockbox.decide(record, by: lockbox.cast.managers[0])
      }
      #expect(late.code == .failedPrecondition && late.reason == "REQUEST_CLOSED")
      try await expect(
        [
          "access_request_received", "access_request_opened", "stage_opened",
          "decision_recorded", "access_request_denied",
        ], of: record.accessRequest?.requestID ?? "", in: "acme", deployment)
    }

    @Test("what the customer does not answer expires, and expiry says so once")
    func expiry() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.managersApprove(
        try await lockbox.open(.init(tenant: "brief")))
      let id = record.accessRequest?.requestID ?? ""
      _ = try await lockbox.record(id, in: .expired)
      try await expect(
        [
          "access_request_received", "access_request_opened", "stage_opened",
          "decision_recorded", "decision_recorded", "stage_opened", "access_request_expired",
          "deadline_fired",
        ], of: id, in: "brief", deployment)
      let late = try await refusal {
        try await lockbox.decide(record, by: lockbox.cast.customer("brief").approver)
      }
      #expect(late.reason == "REQUEST_EXPIRED")
    }

    @Test("a stage that nobody answers escalates, which expiry has told once, and more may decide")
    func escalation() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      try await lockbox.prepare(
        [Lockbox.tenant("acme")],
        [
          .init(
            workload: "urgent",
            stages: [
              .init(
                name: "on-call", approvers: .init(people: ["nobody"], quorum: 1),
                lifetime: .init(.hours(1)),
                escalation: .init(
                  after: .init(.seconds(1)), approvers: .init(groups: ["managers"])))
            ])
        ])
      let record = try await lockbox.open(.init(workload: "urgent"))
      let id = record.accessRequest?.requestID ?? ""
      let book = try await deployment.log(of: "acme", with: "stage_escalated", of: id)
      #expect(book.kinds(of: id).filter { $0 == "stage_escalated" }.count == 1)
      let decided = try await lockbox.decide(record, by: lockbox.cast.managers[0])
      #expect(decided.state == .awaitingCustomer)
      expectEachEventOnce(try await deployment.logs())
    }

    @Test("a grant ends with its window")
    func window() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init(duration: .seconds(1)))
      let id = record.accessRequest?.requestID ?? ""
      _ = try await lockbox.record(id, in: .ended)
      let refused = try await refusal { try await lockbox.token(record) }
      #expect(refused.reason == "GRANT_NOT_LIVE")
      try await expect(
        Self.approved + ["grant_ended", "deadline_fired"], of: id, in: "acme", deployment)
    }

    @Test("a tenant with lockbox off skips the customer's stage, and nothing else")
    func lockboxOff() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init(tenant: "plain"))
      #expect(record.state == .approved && record.stages.map(\.side) == [.provider])
      let issued = try await lockbox.token(record)
      #expect(try deployment.verdict(on: issued.accessToken).holds)
      try await expect(
        [
          "access_request_received", "access_request_opened", "stage_opened",
          "decision_recorded", "decision_recorded", "access_request_approved",
          "access_token_issued",
        ], of: record.accessRequest?.requestID ?? "", in: "plain", deployment)
    }

    @Test("the engineer withdraws a pending request")
    func withdrawal() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.open(.init())
      let id = record.accessRequest?.requestID ?? ""
      try await lockbox.withdraw(id)
      _ = try await lockbox.record(id, in: .withdrawn)
      let late = try await refusal {
        try await lockbox.decide(record, by: lockbox.cast.managers[0])
      }
      #expect(late.reason == "REQUEST_CLOSED")
      try await expect(
        [
          "access_request_received", "withdrawal_received", "access_request_opened",
          "stage_opened", "access_request_withdrawn",
        ], of: id, in: "acme", deployment)
    }

    @Test("the customer revokes a live grant")
    func revocation() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init())
      #expect(try await lockbox.revoke(record).state == .revoked)
      let refused = try await refusal { try await lockbox.token(record) }
      #expect(refused.reason == "GRANT_NOT_LIVE")
      try await expect(
        Self.approved + ["grant_revoked"], of: record.accessRequest?.requestID ?? "", in: "acme",
        deployment)
    }
  }
}
