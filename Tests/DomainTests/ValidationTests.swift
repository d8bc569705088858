internal import Testing

@testable internal import Domain

struct ValidationTests {
  private func violations(_ check: (inout Violations) -> Void) -> [String] {
    var violations = Violations()
    check(&violations)
    return violations.found.map(\.field)
  }

  @Test(
    "a justification is 1 to 4,096 characters, may have lines, and hides nothing",
    arguments: [
      ("INC-1: needs a look", true), ("two\nlines\tand a tab", true), ("", false),
      (String(repeating: "a", count: 4_096), true), (String(repeating: "a", count: 4_097), false),
      ("bell\u{7}", false), ("escape\u{1B}[31m", false), ("over\u{202E}ride", false),
      ("carriage\rreturn", false), ("nul\0", false),
    ])
  func justification(_ text: String, isGood: Bool) {
    let found = violations {
      $0.text(text, "justification", length: Limits.justificationLength, lines: true)
    }
    #expect(found.isEmpty == isGood)
  }

  @Test(
    "resources are segments parted by slashes",
    arguments: [
      ("mailboxes/alice@example.com", true), ("sites/a b", true), ("/a", false), ("a//b", false),
      ("a/", false), ("a/../b", false), ("a\nb", false),
    ])
  func resources(_ resource: String, isGood: Bool) {
    let found = violations {
      $0.scope(Scope(resources: [resource], actions: [.read]), "scope")
    }
    #expect(found == (isGood ? [] : ["scope.resources[0]"]))
  }

  @Test("every violation of a scope is told at once")
  func scope() {
    let found = violations {
      $0.scope(Scope(resources: ["", "a", "a"], actions: []), "scope")
    }
    #expect(found == ["scope.resources[0]", "scope.resources", "scope.actions"])
    let many = violations {
      $0.scope(
        Scope(resources: (0..<65).map { "r\($0)" }, actions: [.read, .read]), "scope")
    }
    #expect(many == ["scope.resources", "scope.actions"])
  }

  @Test(
    "an idempotency key is short and plain",
    arguments: [("018f-a.B:c_1", true), ("", false), ("a b", false), ("é", false)])
  func key(_ key: String, isGood: Bool) {
    #expect(violations { $0.idempotencyKey(key, "idempotency_key") }.isEmpty == isGood)
  }

  private func settings(
    enabled: Bool = true, people: Set<String> = ["ana"], groups: Set<String> = [],
    quorum: Int = 1, lifetime: Duration = .hours(12)
  ) -> TenantSettings {
    TenantSettings(
      tenant: Example.acme, displayName: "Acme", lockboxEnabled: enabled,
      requestLifetime: lifetime, longestAccess: .hours(4),
      approvers: Approvers(people: people, groups: groups, quorum: quorum), contacts: [])
  }

  @Test("settings under which nobody could approve are refused, unless lockbox is off")
  func quorum() {
    let rules = LifetimeRules.production
    #expect(violations { $0.tenant(settings(), rules: rules) }.isEmpty)
    #expect(!violations { $0.tenant(settings(people: []), rules: rules) }.isEmpty)
    #expect(!violations { $0.tenant(settings(quorum: 2), rules: rules) }.isEmpty)
    #expect(!violations { $0.tenant(settings(quorum: 0), rules: rules) }.isEmpty)
    #expect(violations { $0.tenant(settings(groups: ["g"], quorum: 2), rules: rules) }.isEmpty)
    #expect(
      violations { $0.tenant(settings(enabled: false, people: [], quorum: 0), rules: rules) }
        .isEmpty)
  }

  @Test("no tenant takes the name of the provider's own log")
  func reserved() {
    let settings = TenantSettings(
      tenant: TenantID("provider")!, displayName: "", lockboxEnabled: false,
      requestLifetime: .hours(12), longestAccess: .hours(4),
      approvers: Approvers(people: [], groups: [], quorum: 0), contacts: [])
    #expect(violations { $0.tenant(settings, rules: .production) } == ["settings.tenant_id"])
  }

  @Test("short lifetimes are for development only")
  func lifetimes() {
    let short = settings(lifetime: .seconds(3))
    #expect(violations { $0.tenant(short, rules: .production) } == ["settings.request_lifetime"])
    #expect(violations { $0.tenant(short, rules: .development) }.isEmpty)
  }

  @Test("a policy needs a stage, and stages with people and names of their own")
  func policy() {
    let stage = WorkloadPolicy.ProviderStage(
      name: "team", approvers: Approvers(people: ["max"], groups: [], quorum: 1),
      lifetime: .hours(1))
    let workload = Workload("exchange")!
    let none = WorkloadPolicy(workload: workload, stages: [])
    let twice = WorkloadPolicy(workload: workload, stages: [stage, stage])
    #expect(violations { $0.policy(none, rules: .production) } == ["policy.stages"])
    #expect(violations { $0.policy(twice, rules: .production) } == ["policy.stages"])
    let good = WorkloadPolicy(workload: workload, stages: [stage])
    #expect(violations { $0.policy(good, rules: .production) }.isEmpty)
  }
}
