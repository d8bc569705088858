internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Submitting and following")
struct SubmitTests {
  static let arguments = [
    "submit", "--tenant", "acme", "--workload", "exchange", "--reason",
    "customer-initiated-support", "--justification", "Mail loops", "--ticket", "T-1", "--resource",
    "mailboxes/a", "--resource", "mailboxes/b", "--action", "read", "--action", "export",
    "--duration", "1h30m",
  ]

  @Test("submit sends what was typed and prints the id alone")
  func submit() async throws {
    let scene = Scene()
    try scene.services.answer(
      IntakeV1.IntakeService.submitAccessRequest, .init(accessRequest: Example.status))
    let outcome = await scene.run(
      Self.arguments + ["--idempotency-key", "k-1", "--severity", "high"])
    #expect(outcome.status == .success)
    #expect(outcome.output == [Example.requestID])
    let sent = try scene.services.requests(of: IntakeV1.IntakeService.submitAccessRequest)
    #expect(
      sent == [
        IntakeV1.SubmitAccessRequestRequest(
          idempotencyKey: "k-1", tenantID: "acme", workload: "exchange",
          reasonCode: .customerInitiatedSupport, justification: "Mail loops", ticket: "T-1",
          scope: .init(resources: ["mailboxes/a", "mailboxes/b"], actions: [.read, .export]),
          duration: .init(.seconds(5_400)), severity: .high)
      ])
  }

  @Test("a submit of unknown outcome tells the key that makes repeating safe")
  func safeRetry() async throws {
    let scene = Scene()
    scene.services.refuse(
      IntakeV1.IntakeService.submitAccessRequest, RPCError(.unavailable, "gone"))
    let outcome = await scene.run(Self.arguments)
    #expect(outcome.status == .unavailable)
    let key = try #require(
      try scene.services.requests(of: IntakeV1.IntakeService.submitAccessRequest).first
    ).idempotencyKey
    #expect(!key.isEmpty)
    #expect(outcome.errors.last?.hasSuffix("--idempotency-key \(key)") == true)
  }

  @Test(
    "submit --watch ends with the decision, and says in its code what it was",
    arguments: [
      ([.received, .awaitingProvider, .approved, .ended], 4, .success),
      ([.received, .denied], 3, .refused),
      ([.awaitingCustomer, .expired], 3, .refused),
      ([.awaitingCustomer], 2, .temporary),
    ] as [([CommonV1.AccessRequestState], Int, CommandStatus)])
  func watch(states: [CommonV1.AccessRequestState], lines: Int, status: CommandStatus) async throws
  {
    let scene = Scene()
    try scene.services.answer(
      IntakeV1.IntakeService.submitAccessRequest, .init(accessRequest: Example.status))
    for state in states {
      var answer = Example.status
      answer.state = state
      try scene.services.answer(
        IntakeV1.IntakeService.watchAccessRequest, .init(accessRequest: answer))
    }
    let outcome = await scene.run(Self.arguments + ["--watch"])
    #expect(outcome.status == status)
    #expect(outcome.output.count == lines)
  }

  @Test("a customer's person follows a request at approvals")
  func watchAtApprovals() async throws {
    let scene = Scene()
    scene.services.refuse(
      IntakeV1.IntakeService.watchAccessRequest, RPCError(.permissionDenied, "permission denied"))
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Example.approved))
    let outcome = await scene.run(["watch", Example.requestID, "--until", "decided"])
    #expect(outcome.status == .success)
    #expect(
      outcome.output == [
        "2026-11-21 11:59:00 UTC  \(Example.requestID)  approved, "
          + "until 2026-11-21 14:00:00 UTC (in 2 h), grant \(Example.grantID)"
      ])
  }

  @Test("with --output json a stream is one line of JSON each")
  func jsonLines() async throws {
    let scene = Scene()
    for _ in 0..<2 {
      try scene.services.answer(
        ApprovalsV1.ApprovalsService.watchAccessRequests,
        .init(accessRequest: Example.record, sequence: 1))
    }
    let outcome = await scene.run(["watch", "--output", "json"])
    #expect(outcome.output.count == 2)
    #expect(outcome.output.allSatisfy { $0.hasPrefix("{") && !$0.contains("\n") })
  }
}
