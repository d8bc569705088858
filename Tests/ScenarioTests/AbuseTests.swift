internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

extension Scenarios {
  /// Abuse that needs more than one service; the rest is in ApprovalsTests/Abuse.
  @Suite("Abuse of the whole")
  struct AbuseTests {
    // Break: Approvals/Tokens/TokenDesk.swift, `issue`: sign without the receipt.
    @Test(
      "a crash between the decision, its entry in the log, and the token", arguments: [true, false])
    func crashBetween(auditComesFirst: Bool) async throws {
      let deployment = try await Deployment.running()
      let lockbox = deployment.lockbox
      let waiting = try await lockbox.managersApprove(try await lockbox.open(.init()))
      let id = waiting.accessRequest?.requestID ?? ""
      deployment.kill(.audit)
      let record = try await lockbox.decide(
        waiting, by: lockbox.cast.customer("acme").approver)
      #expect(record.state == .approved)
      // The decision and the grant are durable, and in no log yet.
      deployment.kill(.approvals)
      let order: [ServiceName] = auditComesFirst ? [.audit, .approvals] : [.approvals, .audit]
      deployment.start(order[0])
      try await deployment.ready(order[0])
      if order[0] == .approvals {
        let refused = try await refusal { try await lockbox.token(record) }
        #expect(refused.code == .unavailable && refused.reason == "AUDIT_UNAVAILABLE")
      }
      deployment.start(order[1])
      try await deployment.ready(order[1])
      #expect(try await lockbox.record(id: record) == record)

      let issued = try await withRetries { try await lockbox.token(record) }
      let receipt = try #require(issued.receipt)
      let book = try await deployment.log(of: "acme", with: "access_token_issued", of: id)
      let approvals = book.of(id).filter { $0.kind == "access_request_approved" }
      #expect(approvals.map(\.bytes) == [receipt.entry])
      #expect(approvals.map(\.index) == [receipt.index])
      #expect(book.kinds(of: id).last == "access_token_issued")
      expectEachEventOnce(try await deployment.logs())
    }
  }
}
