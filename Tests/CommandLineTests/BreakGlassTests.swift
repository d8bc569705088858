internal import Domain
internal import LockboxProto
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Break-glass, reviews and extensions")
struct BreakGlassTests {
  private static var reviewed: ApprovalsV1.AccessRequestRecord {
    var record = Example.approved
    record.accessRequest?.breakGlass = true
    record.grant?.breakGlass = true
    record.state = .ended
    record.review = .init(dueTime: Example.time(.hours(72)))
    return record
  }

  @Test("submit breaks the glass only when it is told to")
  func submit() async throws {
    let scene = Scene()
    try scene.services.answer(
      IntakeV1.IntakeService.submitAccessRequest, .init(accessRequest: Example.status))
    _ = await scene.run(SubmitTests.arguments)
    _ = await scene.run(SubmitTests.arguments + ["--break-glass"])
    let sent = try scene.services.requests(of: IntakeV1.IntakeService.submitAccessRequest)
    #expect(sent.map(\.breakGlass) == [false, true])
  }

  @Test("extend asks anew for what the grant gives, and names the grant")
  func extend() async throws {
    let scene = Scene()
    var grant = Example.grant
    grant.scope?.actions = [.read]
    try scene.services.answer(
      ApprovalsV1.GrantService.getGrant, .init(grant: .init(grant: grant, state: .approved)))
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Example.approved))
    try scene.services.answer(
      IntakeV1.IntakeService.submitAccessRequest, .init(accessRequest: Example.status))
    let outcome = await scene.run([
      "grant", "extend", Example.grantID, "--for", "2h", "--because", "Still rebuilding",
      "--idempotency-key", "k-1",
    ])
    #expect(outcome.status == .success && outcome.output == [Example.requestID])
    #expect(
      try scene.services.requests(of: IntakeV1.IntakeService.submitAccessRequest) == [
        IntakeV1.SubmitAccessRequestRequest(
          idempotencyKey: "k-1", tenantID: "acme", workload: "exchange",
          reasonCode: .customerInitiatedSupport, justification: "Still rebuilding",
          ticket: "T-4711",
          scope: .init(resources: ["mailboxes/alice@acme.test"], actions: [.read]),
          duration: .init(.hours(2)), extendsGrantID: Example.grantID)
      ])
  }

  @Test("show, list and grant list mark what the customer did not approve")
  func marked() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Self.reviewed))
    let page = await scene.run(["show", Example.requestID]).output
    #expect(
      page.contains { $0.contains("Break-glass") && $0.contains("without the customer's") })
    #expect(page.contains("Review  open"))
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.listAccessRequests, .init(accessRequests: [Self.reviewed]))
    let list = await scene.run(["list"]).output
    #expect(list.contains { $0.hasSuffix("break-glass, review open") })
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.revokeGrant, .init(accessRequest: Self.reviewed))
    let line = await scene.run(["revoke", Example.grantID, "--comment", "enough"]).output
    #expect(line.first?.hasSuffix("ended, break-glass") == true)
    try scene.services.answer(
      ApprovalsV1.GrantService.listGrants,
      .init(grants: [.init(grant: Self.reviewed.grant, state: .ended)]))
    let grants = await scene.run(["grant", "list"]).output
    #expect(grants.contains { $0.hasSuffix("break-glass") })
  }

  @Test("show says in words why a rule denied a request, for every rule")
  func denied() async throws {
    let rules = Set(DenialReason.allCases.map(\.rawValue)).subtracting([""])
    #expect(Set(Denial.allCases.map(\.rawValue)) == rules)
    let scene = Scene()
    var record = Example.record
    record.state = .denied
    record.denialReason = "REVIEW_OVERDUE"
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: record))
    let page = await scene.run(["show", Example.requestID]).output
    #expect(page.contains { $0.contains("Denied") && $0.hasSuffix("is overdue") })
  }

  @Test("reviews are listed and closed with a verdict and a word")
  func review() async throws {
    let scene = Scene()
    typealias API = ApprovalsV1.ApprovalsService
    try scene.services.answer(API.listAccessRequests, .init(accessRequests: [Self.reviewed]))
    let listed = await scene.run(["review", "list"])
    #expect(listed.output.last?.hasPrefix(Example.requestID) == true)
    #expect(
      try scene.services.requests(of: API.listAccessRequests).map(\.openReviewsOnly) == [true])
    var closed = Self.reviewed
    closed.review?.verdict = .disputed
    try scene.services.answer(API.closeReview, .init(accessRequest: closed))
    let close = ["review", "close", Example.requestID, "--verdict", "disputed", "--comment"]
    #expect(await scene.run(close + [""]).status == .usage)
    let outcome = await scene.run(close + ["Nothing was down"])
    #expect(outcome.output == ["\(Example.requestID)  review disputed"])
    #expect(
      try scene.services.requests(of: API.closeReview) == [
        .init(
          requestID: Example.requestID, verdict: .disputed, comment: "Nothing was down")
      ])
  }

  @Test("apply reads break-glass, and tells a reason that there is not")
  func apply() async throws {
    let scene = Scene()
    try scene.services.answer(
      ApprovalsV1.TenantService.applyTenant, .init(tenant: .init(version: 1), changed: true))
    try scene.services.answer(
      ApprovalsV1.PolicyService.applyPolicy, .init(policy: .init(version: 1), changed: true))
    let tenant = ApplyTests.tenant + "\nbreak_glass: {reasons: [production-alert]}\n---\n"
    let policy =
      ApplyTests.policy + "\nbreak_glass: {lifetime: 10m, approvers: {groups: [duty], quorum: 2}}"
    #expect(await scene.run(["apply", "-f", "-"], input: tenant + policy).status == .success)
    // Each is judged first; what is not said is the service's to fill in.
    #expect(
      try scene.services.requests(of: ApprovalsV1.TenantService.applyTenant)
        .map(\.settings?.breakGlass) == [
          .init(reasons: [.productionAlert]), .init(reasons: [.productionAlert]),
        ])
    #expect(
      try scene.services.requests(of: ApprovalsV1.PolicyService.applyPolicy)
        .map(\.policy?.breakGlass) == [
          .init(approvers: .init(groups: ["duty"], quorum: 2), lifetime: .init(.minutes(10))),
          .init(approvers: .init(groups: ["duty"], quorum: 2), lifetime: .init(.minutes(10))),
        ])
    let wrong = await scene.run(
      ["apply", "-f", "-", "--check"],
      input: ApplyTests.tenant + "\nbreak_glass: {reasons: [production-alarm]}")
    #expect(wrong.status == .data)
    #expect(wrong.errors.contains { $0.contains("did you mean `production_alert`?") })
  }
}
