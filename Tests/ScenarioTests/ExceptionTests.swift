internal import AccessToken
internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

extension Scenarios {
  @Suite("Access that goes on, and access without the customer")
  struct ExceptionTests {
    /// Lets two managers break the glass of `acme`'s mail.
    private func allowBreakGlass(_ lockbox: Lockbox) async throws {
      var policy = Lockbox.policies[0]
      policy.breakGlass = .init(approvers: .init(groups: ["managers"], quorum: 2))
      try await lockbox.apply(policy)
      var settings = Lockbox.tenant("acme")
      settings.breakGlass = .init(reasons: [.customerInitiatedSupport])
      let refused = try await refusal { try await lockbox.apply(settings) }
      #expect(refused.reason == "TENANT_ADMINS_ONLY")
      try await lockbox.apply(settings, by: lockbox.cast.customer("acme").admin)
    }

    @Test("the glass is broken by two, told of, marked, ended and reviewed")
    func breakGlass() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let ask = Lockbox.Ask(isBreakGlass: true)
      #expect(try await lockbox.open(ask).state == .denied)
      try await allowBreakGlass(lockbox)
      let opened = try await lockbox.open(.init(isBreakGlass: true))
      let used = try await lockbox.managersApprove(opened)
      #expect(used.state == .approved && used.grant?.breakGlass == true)
      let verdict = try deployment.verdict(on: try await lockbox.token(used).accessToken)
      #expect(verdict.holds && verdict.claims?.grant.isBreakGlass == true)

      try await lockbox.revoke(used)
      let id = used.accessRequest?.requestID ?? ""
      let closed = try await lockbox.client(.approvals).unary(
        ApprovalsV1.ApprovalsService.closeReview,
        .init(requestID: id, verdict: .disputed, comment: "nothing was down"),
        options: lockbox.cast.customer("acme").approver.options
      ).accessRequest
      #expect(closed?.review?.verdict == .disputed && closed?.state == .revoked)
      let book = try await deployment.log(of: "acme", with: "break_glass_review_closed", of: id)
      let approvals = book.of(id).filter { $0.event.feed == "approvals" }.map(\.kind)
      #expect(
        approvals == [
          "access_request_opened", "break_glass_opened", "stage_opened", "decision_recorded",
          "decision_recorded", "access_request_approved", "break_glass_used",
          "access_token_issued", "grant_revoked", "break_glass_review_closed",
        ])
    }

    @Test("an extension is decided anew, follows the grant, and ends with it when it is revoked")
    func continuing() async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let granted = try await lockbox.grant(.init())
      let first = try #require(granted.grant)
      var ask = Lockbox.Ask()
      ask.extends = first.grantID
      var status: IntakeV1.AccessRequestStatus?
      // Intake hears of the grant a moment later.
      _ = try await eventually {
        do {
          status = try await lockbox.submit(ask)
          return true
        } catch let error as RPCError where error.code == .notFound {
          return false
        }
      }
      let id = try lockbox.id(try #require(status))
      let waiting = try await lockbox.managersApprove(try await lockbox.opened(id))
      #expect(waiting.state == .awaitingCustomer && waiting.extendedGrantEnd == first.endTime)
      let next = try await lockbox.decide(waiting, by: lockbox.cast.customer("acme").approver)
      #expect(next.grant?.startTime == first.endTime)
      #expect(next.grant?.extendsGrantID == first.grantID)
      let early = try await refusal { try await lockbox.token(next) }
      #expect(early.reason == "GRANT_NOT_STARTED")

      try await lockbox.revoke(granted)
      #expect(try await lockbox.record(id).state == .revoked)
      let book = try await deployment.log(of: "acme", with: "grant_revoked", of: id)
      #expect(book.of(id).last?.event.actor?.subject?.id == "anna")
    }
  }
}
