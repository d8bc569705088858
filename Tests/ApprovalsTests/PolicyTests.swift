internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Approvals

@Suite("Policies over the wire", .serialized)
struct PolicyTests {
  private typealias Policies = ApprovalsV1.PolicyService
  private typealias Deadlines = ApprovalsV1.DeadlineService

  private static func stage(
    _ name: String, _ approvers: Approvers, allowsEarlier: Bool = false,
    escalation: Escalation? = nil
  ) -> WorkloadPolicy.ProviderStage {
    .init(
      name: name, approvers: approvers, lifetime: .hours(2),
      allowsEarlierApprovers: allowsEarlier, escalation: escalation)
  }

  private static let managers = Approvers(people: [], groups: ["managers"], quorum: 1)

  /// A rule for court orders with two stages for the same people, of whom proof is wanted; one for
  /// what is urgent, with an escalation; and one that leaves all to the customer.
  static let policy = WorkloadPolicy(
    workload: Sample.mail, stages: [stage("managers", managers)],
    rules: [
      PolicyRule(
        name: "court", reasons: [.thirdPartyDemand], requiresTicket: true,
        stages: [
          stage("managers", managers),
          stage(
            "again",
            Approvers(
              people: [], groups: [], roles: ["manager"],
              claims: [ClaimCondition(claim: "mfa", anyOf: ["true"])], quorum: 1),
            allowsEarlier: true),
        ], longestAccess: .hours(1)),
      PolicyRule(
        name: "urgent", reasons: [.productionAlert], severities: [.critical],
        stages: [
          stage(
            "on-call", Approvers(people: ["max"], groups: [], quorum: 1),
            escalation: Escalation(
              after: .minutes(30),
              approvers: Approvers(people: ["mia"], groups: [], quorum: 0)))
        ]),
      PolicyRule(
        name: "asked-for", reasons: [.customerInitiatedSupport], severities: [.low], stages: [],
        isCustomerAlone: true),
    ])

  private func open(
    _ lockbox: ApprovalsFixture, _ reason: CommonV1.ReasonCode,
    severity: CommonV1.Severity = .unspecified, ticket: String = "T-1"
  ) async throws -> StoredRequest {
    let time = lockbox.clock.now()
    let event = try Sample.received(
      at: time, reason: reason, severity: severity, ticket: ticket)
    return try await lockbox.store.write { transaction in
      try transaction.applyIntake(event)
      return try transaction.request(RequestID(event.requestID)!)!
    }
  }

  private func get(
    _ stored: StoredRequest, _ lockbox: ApprovalsFixture
  ) async throws -> ApprovalsV1.AccessRequestRecord {
    try #require(
      try await lockbox.people.unary(
        ApprovalsFixture.API.getAccessRequest,
        .init(requestID: stored.record.request.id.description), options: lockbox.manager()
      ).accessRequest)
  }

  @Test("a policy with rules comes back as it was applied, and the same again changes nothing")
  func roundTrip() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Self.policy) { lockbox in
      let read = try await lockbox.people.unary(
        Policies.getPolicy, .init(workload: "mail"), options: lockbox.manager())
      #expect(read.policy?.policy == Self.policy.message)
      let same = try await lockbox.people.unary(
        Policies.applyPolicy, .init(policy: Self.policy.message),
        options: lockbox.operatorOptions())
      #expect(!same.changed)
    }
  }

  @Test("the rule that matched is told, and kept when the policy changes (I10)")
  func snapshot() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Self.policy) { lockbox in
      let court = try await open(lockbox, .thirdPartyDemand)
      let plain = try await open(lockbox, .securityReview)
      let asked = try await open(lockbox, .customerInitiatedSupport, severity: .low)
      _ = try await lockbox.people.unary(
        Policies.applyPolicy, .init(policy: Sample.policy().message),
        options: lockbox.operatorOptions())
      let rows: [(StoredRequest, rule: String, stages: [String])] = [
        (court, "court", ["managers", "again", "customer"]),
        (plain, "", ["managers", "customer"]), (asked, "asked-for", ["customer"]),
      ]
      for row in rows {
        let record = try await get(row.0, lockbox)
        #expect(record.policyRule == row.rule && record.stages.map(\.name) == row.stages)
        #expect(record.policyVersion == 1)
      }
      let told = try await lockbox.events().compactMap { event -> String? in
        guard case .accessRequestOpened(let opened) = event.payload else { return nil }
        return opened.policyRule
      }
      #expect(told == ["court", "", "asked-for"])
    }
  }

  @Test("a request without its ticket is denied as it is opened", arguments: ["", "  ", "T-1"])
  func ticket(_ ticket: String) async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Self.policy) { lockbox in
      let isDenied = ticket != "T-1"
      let opened = try await open(lockbox, .thirdPartyDemand, ticket: ticket)
      #expect(opened.record.state.name == (isDenied ? .denied : .awaitingProvider))
      let reasons = try await lockbox.events().compactMap { event -> String? in
        guard case .accessRequestDenied(let denied) = event.payload else { return nil }
        #expect(event.actor?.role == "system")
        return denied.reason
      }
      #expect(reasons == (isDenied ? ["TICKET_REQUIRED"] : []))
      #expect(try await get(opened, lockbox).policyRule == "court")
    }
  }

  @Test("claims of the token let in or keep out, and one person may pass two stages if so set")
  func claims() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Self.policy) { lockbox in
      let opened = try await open(lockbox, .thirdPartyDemand)
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager())
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 1, as: lockbox.manager())
      }
      let proven = lockbox.manager(claims: ["mfa": .bool(true)])
      let record = try await lockbox.decide(opened, .approve, stage: 1, as: proven)
      #expect(record.state == .awaitingCustomer)
      #expect(record.decisions.compactMap(\.approver?.id) == ["mia", "mia"])
      let granted = try await lockbox.decide(opened, .approve, stage: 2, as: lockbox.owner())
      // The rule's longest access, not the tenant's.
      #expect(granted.terms?.duration.flatMap { Duration($0) } == .hours(1))
    }
  }

  @Test("notices are told at their times, once each, whoever asks how often; escalation by clock")
  func notices() async throws {
    try await ApprovalsFixture.run(Sample.tenant(), Self.policy) { lockbox in
      let opened = try await open(lockbox, .productionAlert, severity: .critical)
      func announce() async throws -> Timestamp? {
        let answer = try await lockbox.expiry.unary(
          Deadlines.announceStage,
          .init(requestID: opened.record.request.id.description, stage: 0))
        return Timestamp(answer.nextNoticeTime)
      }
      let start = lockbox.clock.now()
      let first = try await lockbox.events().compactMap { event -> Timestamp? in
        guard case .stageOpened(let stage) = event.payload else { return nil }
        return Timestamp(stage.nextNoticeTime)
      }
      #expect(first == [start + .minutes(30)])
      #expect(try await announce() == start + .minutes(30))
      await expectRefusal(.permissionDenied) { () async throws(RPCError) in
        try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("mia"))
      }
      let steps: [(after: Duration, next: Duration?)] = [
        (.minutes(30), .minutes(60)), (.minutes(60), .minutes(108)), (.minutes(108), nil),
      ]
      var passed = Duration.zero
      for step in steps {
        lockbox.clock.advance(by: step.after - passed)
        passed = step.after
        for _ in 0..<2 { #expect(try await announce() == step.next.map { start + $0 }) }
      }
      let told = try await lockbox.events().compactMap { event -> String? in
        let kind = event.payload?.fieldName ?? ""
        guard kind.hasPrefix("stage_") || kind.hasSuffix("expire") else { return nil }
        #expect(event.actor?.role == "system" && event.tenantID == "contoso")
        return kind
      }
      #expect(
        told == [
          "stage_opened", "stage_escalated", "stage_reminder", "access_request_about_to_expire",
        ])
      let record = try await lockbox.decide(
        opened, .approve, stage: 0, as: lockbox.manager("mia"))
      #expect(record.state == .awaitingCustomer)
      #expect(try await announce() == nil)
    }
  }

  @Test("that a quorum is out of reach is told as the stage opens")
  func outOfReach() async throws {
    let policy = WorkloadPolicy(
      workload: Sample.mail,
      stages: [
        Self.stage("one", Approvers(people: ["max", "mia"], groups: [], quorum: 1)),
        Self.stage("two", Approvers(people: ["max", "mia"], groups: [], quorum: 2)),
      ])
    try await ApprovalsFixture.run(Sample.tenant(), policy) { lockbox in
      let opened = try await lockbox.store.open(at: lockbox.clock.now())
      _ = try await lockbox.decide(opened, .approve, stage: 0, as: lockbox.manager("mia"))
      let told = try await lockbox.events().compactMap { event -> EventV1.QuorumOutOfReach? in
        guard case .quorumOutOfReach(let it) = event.payload else { return nil }
        return it
      }
      #expect(told.map(\.stage) == [1] && told.map(\.available) == [1])
    }
  }

  @Test("bad policies are refused, all that is wrong at once and by field path")
  func bad() async throws {
    try await ApprovalsFixture.run { lockbox in
      var policy = Self.policy.message
      policy.rules[0].reasonCodes.append(.unspecified)
      policy.rules[1].severities.append(.unspecified)
      policy.rules[1].stages[0].escalation?.after = nil
      policy.rules[2].customerAlone = false
      policy.stages[0].approvers?.roles = ["approver"]
      do throws(RPCError) {
        _ = try await lockbox.people.unary(
          Policies.applyPolicy, .init(policy: policy), options: lockbox.operatorOptions())
        Issue.record("was not refused")
      } catch {
        let found = error.details.flatMap { detail -> [String] in
          if case .badRequest(let violations) = detail { violations.map(\.field) } else { [] }
        }
        #expect(
          Set(found) == [
            "policy.rules[0].reason_codes[1]", "policy.rules[1].severities[1]",
            "policy.rules[1].stages[0].escalation.after", "policy.rules[2].stages",
            "policy.stages[0].approvers.roles",
          ])
      }
    }
  }
}
