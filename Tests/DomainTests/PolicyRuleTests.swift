internal import Testing

@testable internal import Domain

/// What of a policy and of a tenant's settings a request is opened with.
struct PolicyRuleTests {
  static func stage(_ name: String) -> WorkloadPolicy.ProviderStage {
    WorkloadPolicy.ProviderStage(
      name: name, approvers: Approvers(people: ["max"], groups: [], quorum: 1),
      lifetime: .hours(1))
  }

  static let policy = WorkloadPolicy(
    workload: Example.exchange, stages: [stage("team"), stage("duty")],
    rules: [
      PolicyRule(
        name: "court", reasons: [.thirdPartyDemand], requiresTicket: true,
        stages: [stage("legal")], longestAccess: .hours(1)),
      PolicyRule(
        name: "burning", reasons: [.productionAlert, .providerInitiatedService],
        severities: [.high, .critical], stages: [stage("on-call")]),
      PolicyRule(
        name: "asked-for", reasons: [.customerInitiatedSupport], severities: [.low], stages: [],
        isCustomerAlone: true),
      PolicyRule(name: "second", reasons: [.thirdPartyDemand], stages: [stage("never")]),
      PolicyRule(name: "critical", severities: [.critical], stages: [stage("chief")]),
    ])

  static func tenant(
    enabled: Bool = true, enrolled: Set<Workload> = [],
    special: [Workload: Approvers] = [:]
  ) -> TenantSettings {
    TenantSettings(
      tenant: Example.acme, displayName: "", lockboxEnabled: enabled, enrolledWorkloads: enrolled,
      requestLifetime: .hours(12), longestAccess: .hours(4),
      approvers: Approvers(people: ["ana", "abe"], groups: [], quorum: 1),
      workloadApprovers: special, contacts: [])
  }

  static func snapshot(
    _ request: AccessRequest = Example.request(), tenant: TenantSettings = tenant(),
    policy: WorkloadPolicy = policy
  ) -> PolicySnapshot {
    PolicySnapshot(policy: policy, version: 1, tenant: tenant, version: 1, request: request)
  }

  struct Row: Sendable {
    let reason: ReasonCode
    let severity: Severity?
    let rule: String?
    let stages: [String]
  }

  static let rows = [
    Row(reason: .thirdPartyDemand, severity: nil, rule: "court", stages: ["legal"]),
    // The first that matches decides, though a later one matches too.
    Row(reason: .thirdPartyDemand, severity: .critical, rule: "court", stages: ["legal"]),
    Row(reason: .productionAlert, severity: .high, rule: "burning", stages: ["on-call"]),
    Row(
      reason: .providerInitiatedService, severity: .critical, rule: "burning",
      stages: ["on-call"]),
    // A rule for severities is not for requests that state none.
    Row(reason: .productionAlert, severity: nil, rule: nil, stages: ["team", "duty"]),
    Row(reason: .productionAlert, severity: .medium, rule: nil, stages: ["team", "duty"]),
    Row(reason: .customerInitiatedSupport, severity: .low, rule: "asked-for", stages: []),
    Row(
      reason: .customerInitiatedSupport, severity: .critical, rule: "critical",
      stages: ["chief"]),
    Row(reason: .securityReview, severity: .critical, rule: "critical", stages: ["chief"]),
    Row(reason: .securityReview, severity: nil, rule: nil, stages: ["team", "duty"]),
  ]

  @Test(
    "the first rule that matches decides; the policy's own stages hold where none does",
    arguments: rows)
  func rules(_ row: Row) {
    let snapshot = Self.snapshot(Example.request(reason: row.reason, severity: row.severity))
    #expect(snapshot.rule == row.rule)
    #expect(snapshot.stages.map(\.name) == row.stages + ["customer"])
  }

  // Breaks when `PolicySnapshot.init` takes the rule's stages as they are.
  @Test("where the customer is not asked, no rule leaves a request without a stage")
  func nobodyAsked() {
    let request = Example.request(severity: .low)
    for tenant in [Self.tenant(enabled: false), Self.tenant(enrolled: [Workload("sharepoint")!])] {
      #expect(Self.snapshot(request, tenant: tenant).stages.map(\.name) == ["team", "duty"])
    }
  }

  @Test("a rule shortens access, and never lengthens it")
  func longestAccess() {
    #expect(Self.snapshot(Example.request(reason: .thirdPartyDemand)).longestAccess == .hours(1))
    #expect(Self.snapshot().longestAccess == .hours(4))
    let generous = WorkloadPolicy(
      workload: Example.exchange, stages: [Self.stage("team")],
      rules: [PolicyRule(name: "all", stages: [Self.stage("team")], longestAccess: .hours(100))])
    #expect(Self.snapshot(policy: generous).longestAccess == .hours(4))
  }

  @Test(
    "a request without the ticket that is demanded is denied as it is opened",
    arguments: [
      (ReasonCode.thirdPartyDemand, false, RequestState.Name.denied),
      (.thirdPartyDemand, true, .awaitingProvider), (.securityReview, false, .awaitingProvider),
    ])
  func ticket(_ reason: ReasonCode, hasTicket: Bool, _ state: RequestState.Name) throws {
    let request = Example.request(reason: reason, hasTicket: hasTicket)
    let record = RequestRecord(request: request)
    let opened = try Transition.apply(
      .open(Self.snapshot(request)), to: record, at: Example.start)
    #expect(opened.record.state.name == state)
    #expect(opened.record.snapshot?.rule == Self.snapshot(request).rule)
    let isDenied = opened.effects.last == .denied(stage: 0, reason: .ticketRequired)
    #expect(isDenied == (state == .denied))
  }

  @Test("a policy that demands tickets demands them whatever the rule")
  func ticketOfThePolicy() {
    let policy = WorkloadPolicy(
      workload: Example.exchange, stages: [Self.stage("team")], requiresTicket: true,
      rules: Self.policy.rules)
    #expect(Self.snapshot(policy: policy).requiresTicket)
    #expect(Self.snapshot(Example.request(severity: .low), policy: policy).requiresTicket)
  }

  @Test("a workload that is not enrolled skips the customer's stage only")
  func enrolled() {
    let other = Workload("sharepoint")!
    let stages = [Set<Workload>(), [Example.exchange], [other]].map {
      Self.snapshot(tenant: Self.tenant(enrolled: $0)).stages.map(\.name)
    }
    #expect(
      stages == [["team", "duty", "customer"], ["team", "duty", "customer"], ["team", "duty"]])
  }

  @Test("a workload's own approvers take the place of the general ones")
  func workloadApprovers() {
    let special = Approvers(people: ["zoe"], groups: [], quorum: 1)
    let tenant = Self.tenant(special: [Example.exchange: special])
    #expect(Self.snapshot(tenant: tenant).stages.last?.approvers == special)
    let elsewhere = Self.tenant(special: [Workload("sharepoint")!: special])
    #expect(Self.snapshot(tenant: elsewhere).stages.last?.approvers.people == ["ana", "abe"])
  }
}
