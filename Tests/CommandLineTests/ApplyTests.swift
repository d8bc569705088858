internal import Domain
internal import LockboxProto
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Applying settings")
struct ApplyTests {
  static let tenant = """
    kind: Tenant
    tenant_id: acme
    display_name: Acme
    lockbox_enabled: true
    request_lifetime: 1h30m
    longest_access: 90s
    approvers: {people: [ana], groups: [approvers], quorum: 2}
    contacts: [a@acme.test]
    """
  static let policy = """
    kind: Policy
    workload: exchange
    stages:
      - {name: managers, lifetime: 12h, approvers: {groups: [managers], quorum: 2}}
      - {name: duty, approvers: {people: [dora]}}
    """

  @Test("documents of several files are applied in order, and each result is told")
  func apply() async throws {
    let scene = Scene()
    scene.write(Self.tenant + "\n---\n" + Self.policy, to: "a.yaml")
    try scene.services.answer(
      ApprovalsV1.TenantService.applyTenant, .init(tenant: .init(version: 3), changed: true))
    try scene.services.answer(
      ApprovalsV1.PolicyService.applyPolicy, .init(policy: .init(version: 1), changed: true))
    try scene.services.answer(
      ApprovalsV1.PolicyService.applyPolicy, .init(policy: .init(version: 1), changed: false))
    let other = Self.policy.replacing("exchange", with: "sharepoint")
    let outcome = await scene.run(
      ["apply", "-f", scene.path("a.yaml"), "-f", "-"], input: other)
    #expect(outcome.status == .success)
    #expect(
      outcome.output == [
        "tenant/acme  changed  version 3", "policy/exchange  created  version 1",
        "policy/sharepoint  unchanged  version 1",
      ])
    #expect(
      try scene.services.requests(of: ApprovalsV1.TenantService.applyTenant).map(\.settings) == [
        CommonV1.TenantSettings(
          tenantID: "acme", displayName: "Acme", lockboxEnabled: true,
          requestLifetime: .init(.seconds(5_400)), longestAccess: .init(.seconds(90)),
          approvers: .init(people: ["ana"], groups: ["approvers"], quorum: 2),
          contacts: ["a@acme.test"], keyWaitingTime: .init(.hours(24)))
      ])
    let stages = try #require(
      try scene.services.requests(of: ApprovalsV1.PolicyService.applyPolicy).first?.policy?.stages)
    #expect(stages.map(\.name) == ["managers", "duty"])
    #expect(stages[1].approvers == .init(people: ["dora"], quorum: 1))
    #expect(stages[1].lifetime == .init(.hours(12)))
  }

  @Test("--dry-run asks nobody")
  func dryRun() async {
    let scene = Scene()
    let outcome = await scene.run(
      ["apply", "-f", "-", "--dry-run"], input: Self.tenant, environment: [:])
    #expect(outcome.status == .success)
    #expect(outcome.output == ["tenant/acme  valid"])
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test(
    "what is wrong is told with its line, and nothing is applied",
    arguments: [
      (
        "tenannt_id", Self.tenant.replacing("tenant_id", with: "tenannt_id"),
        "2: `tenannt_id` is no key of a Tenant; did you mean `tenant_id`?"
      ),
      ("unknown", Self.tenant + "\nzzz: 1", "9: `zzz` is no key of a Tenant; known are `kind`"),
      (
        "nested", Self.tenant.replacing("quorum: 2", with: "quorom: 2"),
        "7: `quorom` is no key of `approvers`; did you mean `quorum`?"
      ),
      ("no id", Self.tenant.replacing("tenant_id: acme\n", with: ""), "`tenant_id` is missing"),
      ("bad id", Self.tenant.replacing(": acme", with: ": ACME"), "2: `tenant_id` must be 1 to 63"),
      (
        "duration", Self.tenant.replacing("1h30m", with: "90"),
        "5: `request_lifetime` must be a duration such as 12h, 90s or 1h30m; it is `90`"
      ),
      ("too long", Self.tenant.replacing("90s", with: "9h"), "6: `longest_access` must be between"),
      (
        "flag", Self.tenant.replacing("true", with: "on"),
        "4: `lockbox_enabled` must be `true` or `false`; it is `on`"
      ),
      (
        "quorum word", Self.tenant.replacing("quorum: 2", with: "quorum: two"),
        "7: `approvers.quorum` must be a whole number"
      ),
      (
        "quorum 0", Self.tenant.replacing("quorum: 2", with: "quorum: 0"),
        "7: `approvers.quorum` must be between 1 and 16"
      ),
      (
        "nobody", Self.tenant.replacing("groups: [approvers], ", with: ""),
        "7: `approvers` nobody could reach the quorum"
      ),
      ("contact", Self.tenant.replacing("a@acme.test", with: "acme"), "no mail address"),
      (
        "list", Self.tenant.replacing("[a@acme.test]", with: "a@acme.test"),
        "8: `contacts` must be a list"
      ),
      ("kind", "kind: Tenent", "1: `Tenent` is no kind"), ("no kind", "a: 1", "`kind` is missing"),
      ("not a mapping", "- 1", "`kind` is missing"),
      ("no stages", "kind: Policy\nworkload: exchange", "`stages` is missing"),
      (
        "stage name", Self.policy.replacing("name: duty, ", with: ""), "`stages[1].name` is missing"
      ),
      ("twice alike", Self.policy.replacing("duty", with: "managers"), "names two stages alike"),
      ("yaml", "kind: [", "is not valid YAML"), ("key twice", "kind: Tenant\nkind: Tenant", "YAML"),
      ("nothing", "---\n", "hold no documents"),
      ("document twice", Self.tenant + "\n---\n" + Self.tenant, "tenant/acme stands twice"),
    ])
  func wrong(name: String, text: String, complaint: String) async {
    let scene = Scene()
    let outcome = await scene.run(["apply", "-f", "-"], input: text)
    #expect(outcome.status == .data)
    let told = outcome.errors.joined(separator: "\n")
    #expect(told.contains(complaint), "\(told)")
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("every problem of a file is told at once")
  func allAtOnce() async {
    let text = "kind: Tenant\nlockbox_enabled: maybe\nfoo: 1\n---\nkind: Policy\nstages: 1"
    let outcome = await Scene().run(["apply", "-f", "-"], input: text)
    #expect(outcome.errors.count == 1 + 5, "\(outcome.errors)")
  }

  @Test("the files for development are valid", arguments: ["tenants.yaml", "policies.yaml"])
  func shipped(name: String) async {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let outcome = await Scene().run(
      ["apply", "--dry-run", "-f", "/\(root)/deploy/config/dev/\(name)"], environment: [:])
    #expect(outcome.status == .success, "\(outcome.errors)")
  }
}
