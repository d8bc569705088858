internal import AccessToken
internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  /// Design §4, I1 to I11; I3 and I6 have files of their own. Each says what to break so that it
  /// fails.
  @Suite("Invariants")
  struct InvariantTests {
    // Break: Domain/Lifecycle/Transition+Approval.swift, `advance`: grant whatever stage follows.
    @Test("I1: no token without an approval at every stage that the snapshot demanded")
    func everyStage() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let cast = lockbox.cast
      var record = try await lockbox.open(.init(workload: "files"))
      let id = record.accessRequest?.requestID ?? ""
      for person in [cast.managers[0], cast.managers[2], cast.customer("acme").approver] {
        #expect(record.grant == nil && record.state != .approved)
        let grants = try await lockbox.client(.approvals).unary(
          ApprovalsV1.GrantService.listGrants, .init(), options: cast.engineer.options
        ).grants
        #expect(grants.isEmpty)
        record = try await lockbox.decide(record, by: person)
      }
      #expect(record.state == .approved && record.grant?.requestID == id)
      // Nobody of the wrong stage counts: moe's stage is not mia's.
      let other = try await lockbox.open(.init(workload: "files"))
      let second = try await lockbox.decide(other, by: cast.managers[0])
      let refused = try await refusal { try await lockbox.decide(second, by: cast.managers[1]) }
      #expect(refused.code == .permissionDenied)
      let early = try await refusal {
        try await lockbox.decide(second, by: cast.customer("acme").approver)
      }
      #expect(early.code == .permissionDenied)
      #expect(try await lockbox.record(id: other).state == .awaitingProvider)
      let issued = try await lockbox.token(record)
      #expect(try deployment.verdict(on: issued.accessToken).holds)
    }

    // Break: Domain/Lifecycle/Transition+Approval.swift, `decide`: drop the guard `.ownRequest`, or
    // the look for an earlier decision of the same subject.
    @Test("I2: nobody decides on their own request, and nobody counts twice")
    func distinctPeople() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let cast = lockbox.cast
      let own = try await lockbox.open(.init(), by: cast.both)
      let refused = try await refusal { try await lockbox.decide(own, by: cast.both) }
      #expect(refused.code == .permissionDenied)
      #expect(try await lockbox.record(id: own).decisions.isEmpty)

      let record = try await lockbox.open(.init())
      try await lockbox.decide(record, by: cast.managers[0])
      // The same subject with another token, name and groups.
      let alias = Person(
        "mia", of: cast.provider, [.manager], groups: ["managers", "others"],
        at: SystemClock().now())
      let again = try await lockbox.decide(record, by: alias)
      #expect(again.state == .awaitingProvider && again.stages[0].approvals == 1)
      #expect(again.decisions.count == 1)
      let other = try await refusal { try await lockbox.decide(record, .deny, by: alias) }
      #expect(other.code == .alreadyExists && other.reason == "ALREADY_DECIDED")
      #expect(
        try await lockbox.decide(again, by: cast.managers[1]).state == .awaitingCustomer)
    }

    // Break: Storage/Commit/Committer.swift, `commit`: finish the writes before COMMIT; or
    // Storage/Database/Configure.swift: keep the journal in memory.
    @Test("I4: what was acknowledged survives kill -9")
    func acknowledged() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let ask = Lockbox.Ask()
      let status = try await lockbox.submit(ask)
      deployment.kill(.intake)
      deployment.start(.intake)
      let again = try await lockbox.submit(ask)
      #expect(again.accessRequest == status.accessRequest)
      #expect(again.requestDigest == status.requestDigest)

      var record = try await lockbox.opened(try lockbox.id(status))
      for person in [
        lockbox.cast.managers[0], lockbox.cast.managers[1],
        lockbox.cast.customer("acme").approver,
      ] {
        let decided = try await lockbox.decide(record, by: person)
        deployment.kill(.approvals)
        deployment.start(.approvals)
        record = try await lockbox.record(id: decided)
        #expect(record == decided)
      }
      let issued = try await withRetries { try await lockbox.token(record) }
      deployment.kill(.audit)
      deployment.start(.audit)
      let book = try await deployment.log(of: "acme")
      #expect(book.entries[Int(issued.receipt?.index ?? 0)].bytes == issued.receipt?.entry)
    }

    // Break: Storage/Feed/FeedCursor.swift: move no cursor (repetitions), or by one too far (gaps);
    // Approvals/Tokens/TokenDesk.swift, `issue`: sign without the receipt.
    @Test("I5: every change is in the log once and in order, and before its token can be had")
    func exactlyOnce() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init())
      let issued = try await lockbox.token(record)
      let receipt = try #require(issued.receipt)
      // At the very moment of the token, the approval stands where the receipt says.
      let book = try await deployment.log(of: "acme")
      let entry = book.entries[Int(receipt.index)]
      #expect(entry.bytes == receipt.entry && entry.kind == "access_request_approved")
      #expect(entry.event.requestID == record.accessRequest?.requestID)
      for service in Deployment.services {
        deployment.kill(service)
        deployment.start(service)
      }
      let next = try await lockbox.grant(.init())
      let id = next.accessRequest?.requestID ?? ""
      _ = try await withRetries { try await lockbox.token(next) }
      let last = try await deployment.log(of: "acme", with: "access_token_issued", of: id)
      #expect(
        last.of(id).filter { $0.event.feed == "approvals" }.map(\.kind)
          == LifeTests.decided + ["access_token_issued"])
      expectEachEventOnce(try await deployment.logs())
    }

    // Break: Approvals/Tokens/TokenDesk.swift, `issue`: drop `granted.record.request.engineer ==
    // caller.subject`; `StoredRequest.liveGrant`: drop the state.
    @Test("I7: a grant fits one engineer, tenant, scope and window; revoked, it gives nothing more")
    func oneOfEach() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.grant(.init(duration: .seconds(120)))
      let issued = try await lockbox.token(record)
      let claims = try #require(deployment.verdict(on: issued.accessToken).claims)
      #expect(claims.grant.engineer == lockbox.cast.engineer.subject)
      #expect(claims.grant.tenant.text == "acme")
      #expect(claims.grant.scope == Scope(resources: ["mailboxes/alice"], actions: [.read]))
      #expect(claims.grant.end - claims.grant.start == .seconds(120))
      #expect(claims.expireTime <= claims.grant.end)
      #expect(
        try !deployment.verdict(on: issued.accessToken, at: claims.grant.end).holds)
      #expect(
        try !deployment.verdict(on: issued.accessToken, at: claims.grant.start - .minutes(1))
          .holds)
      let foreign = try await refusal {
        try await lockbox.token(record, by: lockbox.cast.otherEngineer)
      }
      #expect(foreign.code == .notFound)
      try await lockbox.revoke(record)
      // At once, which is within the second that the design allows.
      let revoked = try await refusal { try await lockbox.token(record) }
      #expect(revoked.reason == "GRANT_NOT_LIVE")
    }

    // Break: Intake/Handlers/IntakeHandlers.swift, `submit`: drop `earlier.content ==
    // asked.content`, or do not look for an earlier submission.
    @Test("I8: same key and content, same answer; same key, other content, refused")
    func idempotency() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      var ask = Lockbox.Ask()
      let first = try await lockbox.submit(ask)
      let copy = ask
      let answers = try await withThrowingTaskGroup(
        of: IntakeV1.AccessRequestStatus.self
      ) { tasks in
        for _ in 0..<8 { tasks.addTask { try await lockbox.submit(copy) } }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.allSatisfy { $0.accessRequest == first.accessRequest })
      let others = try await lockbox.submit(ask, by: lockbox.cast.otherEngineer)
      #expect(others.accessRequest?.requestID != first.accessRequest?.requestID)
      ask.justification = "another reason"
      let reused = try await refusal { try await lockbox.submit(ask) }
      #expect(reused.code == .alreadyExists && reused.reason == "IDEMPOTENCY_KEY_REUSED")
    }

    // Break: Domain/Lifecycle/Transition+Approval.swift, `decide`: drop the guard `.digestMismatch`
    // or `.stageNotOpen`.
    @Test("I9: a decision binds to the digest, the stage and the policy version")
    func digest() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let record = try await lockbox.open(.init())
      let other = try await lockbox.open(.init())
      let mismatch = try await refusal {
        try await lockbox.decide(
          record, by: lockbox.cast.managers[0], digest: other.requestDigest)
      }
      #expect(mismatch.code == .failedPrecondition && mismatch.reason == "DIGEST_MISMATCH")
      let stage = try await refusal {
        try await lockbox.decide(record, by: lockbox.cast.managers[0], stage: 1)
      }
      #expect(stage.code == .failedPrecondition && stage.reason == "STAGE_NOT_OPEN")
      #expect(try await lockbox.record(id: record).decisions.isEmpty)
      let granted = try await lockbox.decide(
        try await lockbox.managersApprove(record), by: lockbox.cast.customer("acme").approver)
      #expect(granted.decisions.allSatisfy { $0.requestDigest == record.requestDigest })
      #expect(granted.grant?.requestDigest == record.requestDigest)
      #expect(granted.grant?.policyVersion == record.policyVersion && record.policyVersion == 1)
    }

    // Break: Approvals/Engine/Settings.swift, `apply`: append no event; Domain/Policy/
    // PolicySnapshot.swift: read the newest policy rather than the snapshot.
    @Test("I10: settings changes are events, and a pending request keeps its snapshot")
    func snapshot() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let pending = try await lockbox.open(.init())
      #expect(try await lockbox.apply(Lockbox.tenant("acme")).changed == false)
      let tenant = Lockbox.tenant("acme", enabled: false)
      #expect(try await lockbox.apply(tenant, by: lockbox.cast.customer("acme").admin).changed)
      let one = Lockbox.policy("mail", [("managers", .init(groups: ["managers"], quorum: 1))])
      #expect(try await lockbox.apply(one).policy?.version == 2)

      let kept = try await lockbox.managersApprove(pending)
      #expect(kept.state == .awaitingCustomer && kept.stages[0].quorum == 2)
      #expect(kept.policyVersion == 1 && kept.tenantVersion == 1)
      let fresh = try await lockbox.open(.init())
      #expect(fresh.policyVersion == 2 && fresh.tenantVersion == 2)
      #expect(
        try await lockbox.decide(fresh, by: lockbox.cast.managers[0]).state == .approved)

      var kinds: [String] = []
      let isLogged = try await eventually {
        kinds = try await deployment.log(of: "acme").kinds(of: "")
        return kinds.count == 2
      }
      #expect(isLogged && kinds == ["tenant_applied", "tenant_applied"])
      let provider = try await deployment.log(of: "").entries.map(\.kind)
      #expect(provider == ["signing_key_activated"] + Array(repeating: "policy_applied", count: 3))
    }

    // Break: Approvals/Tokens/ReceiptSource.swift, `AuditReceipts.receipt`: answer without audit.
    @Test("I11: with audit down decisions are taken and no token is given; with audit back it is")
    func failClosed() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      deployment.kill(.audit)
      let record = try await lockbox.grant(.init())
      #expect(record.state == .approved)
      let refused = try await refusal { try await lockbox.token(record) }
      #expect(refused.code == .unavailable && refused.reason == "AUDIT_UNAVAILABLE")
      #expect(refused.retryDelay != nil)
      deployment.start(.audit)
      try await deployment.ready(.audit)
      let issued = try await withRetries { try await lockbox.token(record) }
      #expect(try deployment.verdict(on: issued.accessToken).holds)
    }
  }
}

extension Lockbox {
  /// The same request, read again.
  func record(id record: Record) async throws -> Record {
    try await self.record(record.accessRequest?.requestID ?? "")
  }
}
