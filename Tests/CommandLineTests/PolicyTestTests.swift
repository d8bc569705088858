internal import Domain
internal import LockboxProto
internal import RPC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Trying policies")
struct PolicyTestTests {
  private typealias Policies = ApprovalsV1.PolicyService

  private static let arguments = [
    "policy", "test", "--tenant", "acme", "--workload", "exchange", "--engineer", "erin",
    "--reason", "production-alert",
  ]

  private static let answer = ApprovalsV1.SimulateAccessRequestResponse(
    policyVersion: 3, tenantVersion: 5, policyRule: "alerts",
    stages: [
      .init(
        name: "managers", side: .provider, quorum: 2, latestDeadline: Example.time(.hours(2)),
        seats: [
          .init(person: "max", standing: .eligible), .init(person: "erin", standing: .requester),
        ], groups: ["managers"]),
      .init(
        name: "customer", side: .customer, quorum: 1, latestDeadline: Example.time(.hours(14)),
        requiresSignature: true,
        seats: [.init(person: "ana", standing: .away, delegate: "dan")], availableKnown: true,
        available: 1),
    ], duration: .init(.hours(1)), findings: [.init(reason: "DURATION_CUT")])

  @Test("test tells the rule, the stages, who could approve and until when")
  func test() async throws {
    let scene = Scene()
    try scene.services.answer(Policies.simulateAccessRequest, Self.answer)
    let outcome = await scene.run(
      Self.arguments + ["--severity", "critical", "--ticket", "T-1", "--duration", "2h"])
    #expect(outcome.status == .success, "\(outcome.errors)")
    let text = outcome.output.joined(separator: "\n")
    for words in [
      "exchange at acme, asked for by erin  would be opened", "alerts", "1 h at most",
      "access would be shorter than asked for", "erin: asks themself", "group managers",
      "ana: away, dan for them", "1, signed", "2026-11-21 14:00:00",
    ] {
      #expect(text.contains(words), "\(words) is not in\n\(text)")
    }
    #expect(
      try scene.services.requests(of: Policies.simulateAccessRequest) == [
        .init(
          tenantID: "acme", workload: "exchange", engineer: .init(id: "erin"),
          reasonCode: .productionAlert, severity: .critical, ticket: "T-1",
          duration: .init(.hours(2)))
      ])
  }

  @Test("what would be denied or die exits with 1 and says why")
  func obstacles() async throws {
    let denied = Scene()
    try denied.services.answer(
      Policies.simulateAccessRequest, .init(denialReason: "TICKET_REQUIRED"))
    let outcome = await denied.run(Self.arguments)
    #expect(outcome.status == .refused)
    #expect(outcome.errors.last?.contains("the policy demands a ticket") == true)
    var answer = Self.answer
    answer.findings = [.init(reason: "QUORUM_OUT_OF_REACH", stage: 1)]
    let dead = Scene()
    try dead.services.answer(Policies.simulateAccessRequest, answer)
    let dying = await dead.run(Self.arguments)
    #expect(dying.status == .refused)
    #expect(dying.errors.last?.contains("1 could approve at customer, and 1 must") == true)
  }

  @Test("a file's policy of the workload is tried in place of the one that stands")
  func file() async throws {
    let scene = Scene()
    scene.write(ApplyTests.policy, to: "p.yaml")
    try scene.services.answer(Policies.simulateAccessRequest, Self.answer)
    _ = await scene.run(Self.arguments + ["-f", scene.path("p.yaml")])
    #expect(
      try scene.services.requests(of: Policies.simulateAccessRequest).map(\.policy?.workload)
        == ["exchange"])
    scene.write(ApplyTests.tenant, to: "t.yaml")
    let none = await scene.run(Self.arguments + ["-f", scene.path("t.yaml")])
    #expect(none.status == .data)
  }

  private static func replayed(
    _ number: Int, _ outcome: ApprovalsV1.ReplayOutcome, denial: String = ""
  ) -> ApprovalsV1.ReplayedRequest {
    .init(
      requestID: "019aa000-0000-7000-8000-00000000000\(number)", tenantID: "acme",
      reasonCode: .productionAlert, state: .approved, outcome: outcome, denialReason: denial,
      stagesThen: [.init(name: "managers", quorum: 1, approvals: 1)],
      stagesNow: denial.isEmpty ? [.init(name: "managers", quorum: 2, approvals: 1)] : [])
  }

  @Test(
    "replay counts how requests would have gone, and lists those that would have gone otherwise")
  func replay() async throws {
    let scene = Scene()
    try scene.services.answer(
      Policies.replayAccessRequests,
      .init(requests: [Self.replayed(1, .waiting), Self.replayed(2, .same)], nextPageToken: "t"))
    try scene.services.answer(
      Policies.replayAccessRequests,
      .init(requests: [Self.replayed(3, .denied, denial: "TICKET_REQUIRED")]))
    let outcome = await scene.run(
      ["policy", "replay", "-f", "-", "--since", "7d"], input: ApplyTests.policy)
    #expect(outcome.status == .success)
    let text = outcome.output.joined(separator: "\n")
    for words in [
      "policy/exchange  3 requests", "managers 1/1 → managers 1/2",
      "managers 1/1 → the policy demands a ticket", "denied at once", "not approved yet",
    ] {
      #expect(text.contains(words), "\(words) is not in\n\(text)")
    }
    #expect(!text.contains("000000000002"))
    let asked = try scene.services.requests(of: Policies.replayAccessRequests)
    #expect(asked.map(\.pageToken) == ["", "t"])
    #expect(asked.map(\.startTime) == Array(repeating: Example.time(.hours(-7 * 24)), count: 2))
    let tenants = await Scene().run(["policy", "replay", "-f", "-"], input: ApplyTests.tenant)
    #expect(tenants.status == .data)
  }
}
