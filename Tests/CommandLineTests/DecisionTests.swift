internal import Domain
internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Deciding")
struct DecisionTests {
  private func scene() throws -> Scene {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Example.record))
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.decideAccessRequest, .init(accessRequest: Example.approved))
    return scene
  }

  private func decisions(
    _ scene: Scene
  ) throws -> [ApprovalsV1.DecideAccessRequestRequest] {
    try scene.services.requests(of: ApprovalsV1.ApprovalsService.decideAccessRequest)
  }

  @Test("a decision names the digest and the stage that were shown")
  func approve() async throws {
    let scene = try scene()
    let outcome = await scene.run(["approve", Example.requestID], answers: ["approve"])
    #expect(outcome.status == .success)
    #expect(outcome.errors.first?.hasPrefix("Request \(Example.requestID)") == true)
    #expect(
      try decisions(scene) == [
        .init(
          requestID: Example.requestID, verdict: .approve, requestDigest: Example.digest, stage: 1)
      ])
  }

  @Test(
    "anything but the word leaves the request alone",
    arguments: [["no"], ["y"], ["APPROVE"], ["deny"], [""], []])
  func leave(answers: [String]) async throws {
    let scene = try scene()
    let outcome = await scene.run(["approve", Example.requestID], answers: answers)
    #expect(outcome.status == .refused)
    #expect(outcome.errors.last == "lockboxctl: Nothing was decided.")
    #expect(try decisions(scene).isEmpty)
  }

  @Test("without a terminal nothing is decided unless --yes says so")
  func noTerminal() async throws {
    let scene = try scene()
    #expect(await scene.run(["approve", Example.requestID]).status == .usage)
    #expect(try decisions(scene).isEmpty)
    let outcome = await scene.run(["deny", Example.requestID, "--yes", "--comment", "no ticket"])
    #expect(outcome.status == .success)
    #expect(try decisions(scene).map(\.verdict) == [.deny])
    #expect(try decisions(scene).map(\.comment) == ["no ticket"])
  }

  @Test("nobody is asked about a request that is decided")
  func closed() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Example.approved))
    let outcome = await scene.run(["approve", Example.requestID], answers: ["approve"])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.last?.contains("approved: nothing waits") == true)
  }

  @Test(
    "denying and revoking need a reason",
    arguments: [
      ["deny", Example.requestID], ["deny", Example.requestID, "--comment", ""],
      ["revoke", Example.grantID], ["revoke", Example.grantID, "--comment", ""],
    ])
  func comments(arguments: [String]) async throws {
    let scene = try scene()
    #expect(await scene.run(arguments, answers: ["deny"]).status == .usage)
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("who decided is told how far the open stage is")
  func progress() async throws {
    let scene = Scene()
    let service = ApprovalsV1.ApprovalsService.self
    try scene.services.answer(service.getAccessRequest, .init(accessRequest: Example.record))
    try scene.services.answer(service.decideAccessRequest, .init(accessRequest: Example.record))
    let outcome = await scene.run(["approve", Example.requestID, "--yes"])
    #expect(
      outcome.output == [
        "2026-11-21 11:59:00 UTC  \(Example.requestID)  awaiting customer, 0 of 1 at customer, "
          + "until 2026-11-21 23:00:00 UTC (in 11 h)"
      ])
  }

  @Test("an approval may name less than stands, and says what before it is confirmed")
  func narrow() async throws {
    let scene = try scene()
    var standing = Example.record
    standing.terms = .init(scope: Example.asked.scope, duration: Example.asked.duration)
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: standing))
    _ = await scene.run(["show", Example.requestID])
    let outcome = await scene.run(
      [
        "approve", Example.requestID, "--only", "mailboxes/alice@acme.test/inbox", "--for", "30m",
        "--from", "2026-11-22T01:00:00Z",
      ], answers: ["approve"])
    #expect(outcome.status == .success)
    #expect(outcome.errors.contains { $0.contains("You would approve only") })
    #expect(outcome.errors.contains { $0.contains("mailboxes/alice@acme.test/inbox") })
    #expect(
      try decisions(scene).map(\.terms) == [
        .init(
          scope: .init(
            resources: ["mailboxes/alice@acme.test/inbox"], actions: [.read, .export]),
          duration: .init(.minutes(30)), startTime: Example.time(.hours(13)))
      ])
  }

  @Test("a question and its answer go to approvals, and show tells the thread")
  func thread() async throws {
    let scene = Scene()
    let service = ApprovalsV1.ApprovalsService.self
    try scene.services.answer(service.askQuestion, .init(accessRequest: Example.record))
    try scene.services.answer(service.answerQuestion, .init(accessRequest: Example.record))
    #expect(await scene.run(["ask", Example.requestID, "why both?"]).status == .success)
    #expect(await scene.run(["answer", Example.requestID, "Alice forwards"]).status == .success)
    #expect(
      try scene.services.requests(of: service.askQuestion) == [
        .init(requestID: Example.requestID, text: "why both?")
      ])
    #expect(
      try scene.services.requests(of: service.answerQuestion) == [
        .init(requestID: Example.requestID, text: "Alice forwards")
      ])
    var record = Example.record
    record.thread = [
      .init(
        kind: .question, author: record.decisions[0].approver, text: "why \u{1B}[31mboth?",
        time: Example.time(.minutes(-1)))
    ]
    try scene.services.answer(service.getAccessRequest, .init(accessRequest: record))
    let shown = await scene.run(["show", Example.requestID]).output.joined(separator: "\n")
    #expect(shown.contains("asked, Mia Manager (mia)") && shown.contains("both?"))
    #expect(!shown.contains("\u{1B}"))
  }

  @Test("revoke ends the grant")
  func revoke() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.revokeGrant, .init(accessRequest: Example.approved))
    let outcome = await scene.run(["revoke", Example.grantID, "--comment", "done"])
    #expect(outcome.status == .success)
    #expect(
      try scene.services.requests(of: ApprovalsV1.ApprovalsService.revokeGrant) == [
        .init(grantID: Example.grantID, comment: "done")
      ])
  }
}
