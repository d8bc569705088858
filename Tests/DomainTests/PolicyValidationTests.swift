internal import Testing

@testable internal import Domain

/// What of policies and settings is refused, all at once and by field path.
struct PolicyValidationTests {
  private typealias Stage = WorkloadPolicy.ProviderStage

  private static func approvers(
    people: Set<String> = ["max"], groups: Set<String> = [], roles: Set<String> = [],
    claims: [ClaimCondition] = [], quorum: Int = 1
  ) -> Approvers {
    Approvers(people: people, groups: groups, roles: roles, claims: claims, quorum: quorum)
  }

  private static func stage(
    _ approvers: Approvers = approvers(), escalation: Escalation? = nil
  ) -> Stage {
    Stage(name: "team", approvers: approvers, lifetime: .hours(2), escalation: escalation)
  }

  private static func fields(
    stages: [Stage] = [stage()], rules: [PolicyRule] = []
  ) -> [String] {
    var violations = Violations()
    violations.policy(
      WorkloadPolicy(workload: Example.exchange, stages: stages, rules: rules),
      rules: .production)
    return violations.found.map(\.field)
  }

  @Test("a rule has stages, or says that the customer alone decides")
  func rulesWithoutStages() {
    let stages = [Self.stage()]
    let cases: [(PolicyRule, [String])] = [
      (PolicyRule(name: "r", stages: stages), []),
      (PolicyRule(name: "r", stages: [], isCustomerAlone: true), []),
      (PolicyRule(name: "r", stages: []), ["policy.rules[0].stages"]),
      (
        PolicyRule(name: "r", stages: stages, isCustomerAlone: true),
        ["policy.rules[0].customer_alone"]
      ),
      (PolicyRule(name: "", stages: stages), ["policy.rules[0].name"]),
      (
        PolicyRule(name: "r", stages: stages, longestAccess: .hours(9)),
        ["policy.rules[0].longest_access"]
      ),
    ]
    for (rule, fields) in cases { #expect(Self.fields(rules: [rule]) == fields) }
  }

  @Test("the policy's own stages cannot be none, whatever the rules")
  func ownStages() {
    let rule = PolicyRule(name: "all", stages: [], isCustomerAlone: true)
    #expect(Self.fields(stages: [], rules: [rule]) == ["policy.stages"])
  }

  @Test("rules have names of their own, and each can be reached")
  func reachable() {
    let all = PolicyRule(name: "all", stages: [Self.stage()])
    let some = PolicyRule(name: "some", reasons: [.securityReview], stages: [Self.stage()])
    #expect(Self.fields(rules: [some, all]) == [])
    #expect(Self.fields(rules: [all, some]) == ["policy.rules[1]"])
    #expect(Self.fields(rules: [some, some]) == ["policy.rules"])
  }

  @Test("who may approve is named well, all that is wrong at once")
  func approvers() {
    let bad = Self.approvers(
      people: [""], groups: ["g\u{7}"], roles: ["approver", "boss"],
      claims: [ClaimCondition(claim: "", anyOf: [])], quorum: 17)
    #expect(
      Self.fields(stages: [Self.stage(bad)]) == [
        "policy.stages[0].approvers.people", "policy.stages[0].approvers.groups",
        "policy.stages[0].approvers.roles", "policy.stages[0].approvers.roles",
        "policy.stages[0].approvers.claims[0].claim",
        "policy.stages[0].approvers.claims[0].any_of", "policy.stages[0].approvers.quorum",
      ])
    let tooMany = Self.approvers(
      claims: (0..<9).map { ClaimCondition(claim: "c\($0)", anyOf: ["x"]) })
    #expect(Self.fields(stages: [Self.stage(tooMany)]) == ["policy.stages[0].approvers.claims"])
  }

  @Test("a quorum beyond the people who are named is refused, where only people are")
  func quorum() {
    let field = "policy.stages[0].approvers"
    let claim = ClaimCondition(claim: "mfa", anyOf: ["true"])
    let cases: [(Approvers, [String])] = [
      (Self.approvers(quorum: 2), [field]),
      (Self.approvers(groups: ["g"], quorum: 2), []),
      (Self.approvers(roles: ["manager"], quorum: 2), []),
      (Self.approvers(people: [], claims: [claim], quorum: 2), []),
      // The claims narrow the one who is named.
      (Self.approvers(claims: [claim], quorum: 2), [field]),
      (Self.approvers(people: []), [field]),
    ]
    for (approvers, fields) in cases {
      #expect(Self.fields(stages: [Self.stage(approvers)]) == fields)
    }
  }

  @Test("an escalation comes before the deadline, names somebody, and has no quorum of its own")
  func escalation() {
    let chiefs = Self.approvers(people: [], groups: ["chiefs"], quorum: 0)
    let field = "policy.stages[0].escalation"
    let cases: [(Escalation, [String])] = [
      (Escalation(after: .hours(1), approvers: chiefs), []),
      (Escalation(after: .zero, approvers: chiefs), ["\(field).after"]),
      (Escalation(after: .hours(2), approvers: chiefs), ["\(field).after"]),
      (
        Escalation(after: .hours(1), approvers: Self.approvers(people: [], quorum: 0)),
        ["\(field).approvers"]
      ),
      (
        Escalation(after: .hours(1), approvers: Self.approvers()),
        ["\(field).approvers.quorum"]
      ),
    ]
    for (escalation, fields) in cases {
      #expect(Self.fields(stages: [Self.stage(escalation: escalation)]) == fields)
    }
  }

  @Test("each workload that is enrolled has approvers who can approve")
  func workloads() {
    func fields(
      enrolled: Set<Workload>, special: [Workload: Approvers], people: Set<String> = ["ana"]
    ) -> [String] {
      var violations = Violations()
      violations.tenant(
        TenantSettings(
          tenant: Example.acme, displayName: "", lockboxEnabled: true,
          enrolledWorkloads: enrolled, requestLifetime: .hours(12), longestAccess: .hours(4),
          approvers: Approvers(people: people, groups: [], quorum: people.isEmpty ? 0 : 1),
          workloadApprovers: special, contacts: []), rules: .production)
      return violations.found.map(\.field)
    }
    let good = Self.approvers(people: ["zoe"])
    let bad = Self.approvers(people: ["zoe"], quorum: 2)
    let other = Workload("sharepoint")!
    #expect(fields(enrolled: [], special: [Example.exchange: good]) == [])
    #expect(
      fields(enrolled: [], special: [Example.exchange: good, other: bad])
        == ["settings.workload_approvers[1].approvers"])
    // Where every workload has its own, the general ones are nobody's.
    #expect(fields(enrolled: [other], special: [other: good], people: []) == [])
    #expect(
      !fields(enrolled: [other, Example.exchange], special: [other: good], people: []).isEmpty)
    #expect(!fields(enrolled: [], special: [other: good], people: []).isEmpty)
  }
}
