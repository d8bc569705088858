internal import Domain
internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Absences, delegates and severities")
struct AbsenceTests {
  private typealias Absences = ApprovalsV1.AbsenceService

  private static let absence = CommonV1.Absence(
    tenantID: "acme", person: "anna", delegate: "ben",
    startTime: .init(seconds: Scene.now.seconds),
    endTime: .init(seconds: Scene.now.seconds + 7_200),
    setBy: .init(issuer: "https://id.acme.test", id: "adam"))

  @Test("an absence is set with its end and its delegate")
  func set() async throws {
    let scene = Scene()
    try scene.services.answer(
      Absences.setAbsence, .init(absence: Self.absence, changed: true))
    let outcome = await scene.run([
      "absence", "set", "--delegate", "ben", "--until", "2026-11-21T14:00:00Z",
    ])
    #expect(outcome.status == .success)
    #expect(
      outcome.output == [
        "anna  away until 2026-11-21 14:00:00 UTC (in 2 h), ben decides"
      ])
    #expect(
      try scene.services.requests(of: Absences.setAbsence) == [
        .init(delegate: "ben", endTime: .init(seconds: Scene.now.seconds + 7_200))
      ])
    #expect(await scene.run(["absence", "set"]).status == .usage)
  }

  @Test("absences are ended and listed")
  func endAndList() async throws {
    let scene = Scene()
    try scene.services.answer(Absences.endAbsence, .init(changed: true))
    try scene.services.answer(Absences.listAbsences, .init(absences: [Self.absence]))
    let ended = await scene.run(["absence", "end", "--person", "anna"])
    #expect(ended.output == ["The absence is over."])
    #expect(try scene.services.requests(of: Absences.endAbsence) == [.init(person: "anna")])
    let list = await scene.run(["absence", "list"])
    #expect(list.output.count == 2 && list.output[1].contains("ben"))
  }

  @Test("a decision on somebody's behalf names them")
  func onBehalfOf() async throws {
    let scene = Scene()
    var decided = Example.approved
    decided.decisions = [
      .init(
        stage: 1, side: .customer, verdict: .approve,
        approver: .init(issuer: "https://id.acme.test", id: "ben"), onBehalfOf: "anna")
    ]
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: Example.record))
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.getAccessRequest, .init(accessRequest: decided))
    try scene.services.answer(
      ApprovalsV1.ApprovalsService.decideAccessRequest, .init(accessRequest: decided))
    let outcome = await scene.run([
      "approve", Example.requestID, "--yes", "--on-behalf-of", "anna",
    ])
    #expect(outcome.status == .success)
    let sent = try scene.services.requests(of: ApprovalsV1.ApprovalsService.decideAccessRequest)
    #expect(sent.map(\.onBehalfOf) == ["anna"])
    let shown = await scene.run(["show", Example.requestID])
    #expect(shown.output.contains { $0.contains("ben, on behalf of anna") })
  }

  @Test("a policy is shown with its rules, and what escalates")
  func policy() async throws {
    let scene = Scene()
    let stage = CommonV1.ProviderStage(
      name: "on-call",
      approvers: .init(
        groups: ["ops"], quorum: 1, roles: ["manager"],
        claims: [.init(claim: "mfa", anyOf: ["true", "hw"])]),
      lifetime: .init(seconds: 7_200), earlierApproversAllowed: true,
      escalation: .init(after: .init(seconds: 1_800), approvers: .init(people: ["cleo"])))
    try scene.services.answer(
      ApprovalsV1.PolicyService.getPolicy,
      .init(
        policy: .init(
          policy: .init(
            workload: "mail", stages: [stage], ticketRequired: true,
            rules: [
              .init(
                name: "asked-for", reasonCodes: [.customerInitiatedSupport],
                severities: [.low, .medium], customerAlone: true)
            ]), version: 4)))
    let outcome = await scene.run(["policy", "show", "mail"])
    let text = outcome.output.joined(separator: "\n")
    for words in [
      "1 of group ops, role manager where mfa is true or hw (earlier ones too)",
      "cleo after 30 min", "Rule asked-for", "customer-initiated-support", "low, medium",
      "none: the customer alone decides",
    ] {
      #expect(text.contains(words), "\(words)")
    }
  }
}
