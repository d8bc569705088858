internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Reading requests")
struct ReadingTests {
  @Test("show is a page of who, why, what, how long, stages and decisions")
  func show() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Example.record))
    let outcome = await scene.run(["show", Example.requestID])
    #expect(outcome.status == .success)
    #expect(outcome.output == Self.page)
  }

  static let page = """
    Request 019aa000-0000-7000-8000-000000000001  awaiting customer
      Tenant         acme
      Workload       exchange
      Engineer       Erin Engineer (erin) of https://provider.lockbox.test
      Reason         customer-initiated-support
      Ticket         T-4711
      Justification  Mail loops
                     since Monday
      Resources      mailboxes/alice@acme.test
      Actions        read, export
      Duration       2 h from approval
      Received       2026-11-21 11:55:00 UTC (5 min ago)
      Digest         \(String(repeating: "ab", count: 32))
      Deadline       2026-11-21 23:00:00 UTC (in 11 h)

    Stages
         STAGE     SIDE      APPROVALS  OPEN FOR
      ✓  managers  provider  2 of 2     12 h
      ▸  customer  customer  0 of 1     12 h

    Decisions
      DECISION  STAGE     WHO                WHEN                                 COMMENT
      approve   managers  Mia Manager (mia)  2026-11-21 11:58:00 UTC (2 min ago)  seen
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  @Test("an engineer, who may not ask approvals, is answered by intake")
  func fallBack() async throws {
    let scene = Scene()
    scene.services.refuse(
      ApprovalsV1.ApprovalsService.getAccessRequest, RPCError(.permissionDenied, "no"))
    try scene.services.answer(
      IntakeV1.IntakeService.getAccessRequest, .init(accessRequest: Example.status))
    let outcome = await scene.run(["show", Example.requestID])
    #expect(outcome.status == .success)
    #expect(outcome.output.first?.hasSuffix("received") == true)
    #expect(scene.services.askedServers == [.approvals, .intake])
  }

  @Test("a missing request is missing, whoever is asked")
  func missing() async {
    let scene = Scene()
    scene.services.refuse(
      ApprovalsV1.ApprovalsService.getAccessRequest, RPCError(.notFound, "no such request"))
    scene.services.refuse(
      IntakeV1.IntakeService.getAccessRequest, RPCError(.permissionDenied, "permission denied"))
    let outcome = await scene.run(["show", Example.requestID])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.first?.contains("No such request:") == true)
  }

  @Test("list follows the pages up to its limit and says that there is more")
  func pages() async throws {
    let scene = Scene()
    let method = ApprovalsV1.ApprovalsService.listAccessRequests
    try scene.services.answer(
      method, .init(accessRequests: [Example.record, Example.approved], nextPageToken: "p2"))
    try scene.services.answer(method, .init(accessRequests: [Example.record], nextPageToken: "p3"))
    let outcome = await scene.run([
      "list", "--limit", "3", "--state", "approved", "--tenant", "acme",
    ])
    let asked = try scene.services.requests(of: method)
    #expect(asked.map(\.pageToken) == ["", "p2"])
    #expect(asked.allSatisfy { $0.states == [.approved] && $0.tenantID == "acme" })
    #expect(outcome.output.count == 4)
    #expect(outcome.output[1].hasSuffix("customer-initiated-support  in 11 h"))
    #expect(outcome.errors == ["These are the first 3; --limit 0 lists all."])
  }

  @Test("a list as JSON is one document, whatever its pages")
  func json() async throws {
    let scene = Scene()
    let method = ApprovalsV1.GrantService.listGrants
    try scene.services.answer(
      method,
      .init(grants: [.init(grant: Example.grant, state: .approved)], nextPageToken: "p2"))
    try scene.services.answer(method, .init(grants: [.init(grant: Example.grant, state: .ended)]))
    let outcome = await scene.run(["grant", "list", "--limit", "0", "--output", "json"])
    #expect(outcome.output.count == 1)
    #expect(outcome.output.first?.hasPrefix("{\"grants\":[{\"grant\":{\"grantId\":") == true)
    #expect(outcome.errors.isEmpty)
  }

  @Test("what a server says is made harmless before it is shown")
  func hostile() async throws {
    var record = Example.record
    record.accessRequest?.justification = "\u{1B}]0;owned\u{7}\nsecond"
    record.accessRequest?.ticket = "\u{202E}evil"
    record.decisions[0].approver?.displayName = "a\u{1B}[31mb\nc"
    record.stages[0].name = "s\r1"
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: record))
    let outcome = await scene.run(["show", Example.requestID])
    let text = outcome.output.joined()
    #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(!text.unicodeScalars.contains("\u{202E}"))
    #expect(text.contains("\\u{1b}]0;owned\\u{7}"))
  }

  @Test("health needs no token and tells which service does not serve")
  func health() async throws {
    let scene = Scene()
    try scene.services.answer(GrpcHealthV1.Health.check, .init(status: .serving))
    scene.services.refuse(GrpcHealthV1.Health.check, RPCError(.unavailable, "refused"))
    let outcome = await scene.run(["health"], environment: [:])
    #expect(outcome.status == .unavailable)
    #expect(outcome.errors == ["lockboxctl: Not serving: approvals, expiry, audit."])
    #expect(outcome.output[1] == "intake     127.0.0.1:7401  serving")
  }
}
