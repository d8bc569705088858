internal import Domain
internal import LockboxProto
internal import RPC
internal import StandardProto
internal import TemporaryFiles
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

  /// What the service answers where settings become a version.
  static func answer(
    _ settings: CommonV1.TenantSettings = .init(tenantID: "acme"), version: UInt64,
    changed: Bool = true
  ) -> ApprovalsV1.ApplyTenantResponse {
    let last = changed ? version - 1 : version
    return .init(
      tenant: .init(settings: settings, version: version), changed: changed,
      previous: last == 0 ? nil : .init(settings: settings, version: last))
  }

  static func answer(
    _ policy: CommonV1.WorkloadPolicy = .init(workload: "exchange"), version: UInt64,
    changed: Bool = true
  ) -> ApprovalsV1.ApplyPolicyResponse {
    let last = changed ? version - 1 : version
    return .init(
      policy: .init(policy: policy, version: version), changed: changed,
      previous: last == 0 ? nil : .init(policy: policy, version: last))
  }

  @Test("all documents are judged first, then applied in order over what was judged")
  func apply() async throws {
    let scene = Scene()
    scene.write(Self.tenant + "\n---\n" + Self.policy, to: "a.yaml")
    let tenant = Self.answer(CommonV1.TenantSettings(tenantID: "acme"), version: 3)
    let other = CommonV1.WorkloadPolicy(workload: "sharepoint")
    try scene.services.answer(ApprovalsV1.TenantService.applyTenant, tenant)
    // Judged: exchange, sharepoint; then exchange applied: sharepoint is so already.
    try scene.services.answer(ApprovalsV1.PolicyService.applyPolicy, Self.answer(version: 1))
    try scene.services.answer(
      ApprovalsV1.PolicyService.applyPolicy, Self.answer(other, version: 1, changed: false))
    try scene.services.answer(ApprovalsV1.PolicyService.applyPolicy, Self.answer(version: 1))
    let outcome = await scene.run(
      ["apply", "-f", scene.path("a.yaml"), "-f", "-"],
      input: Self.policy.replacing("exchange", with: "sharepoint"))
    #expect(outcome.status == .success, "\(outcome.errors)")
    #expect(
      outcome.output == [
        "tenant/acme  changed  version 3", "policy/exchange  created  version 1",
        "policy/sharepoint  unchanged  version 1",
      ])
    let tenants = try scene.services.requests(of: ApprovalsV1.TenantService.applyTenant)
    let settings = CommonV1.TenantSettings(
      tenantID: "acme", displayName: "Acme", lockboxEnabled: true,
      requestLifetime: .init(.seconds(5_400)), longestAccess: .init(.seconds(90)),
      approvers: .init(people: ["ana"], groups: ["approvers"], quorum: 2),
      contacts: ["a@acme.test"])
    #expect(
      tenants == [
        .init(settings: settings, validateOnly: true),
        .init(settings: settings, condition: .ifVersion(2)),
      ])
    let policies = try scene.services.requests(of: ApprovalsV1.PolicyService.applyPolicy)
    #expect(policies.map(\.validateOnly) == [true, true, false])
    #expect(policies.last?.condition == .ifVersion(0))
    let stages = try #require(policies.last?.policy?.stages)
    #expect(stages.map(\.name) == ["managers", "duty"])
    #expect(stages[1] == .init(name: "duty", approvers: .init(people: ["dora"])))
  }

  @Test("--check asks nobody")
  func check() async {
    let scene = Scene()
    let outcome = await scene.run(
      ["apply", "-f", "-", "--check"], input: Self.tenant, environment: [:])
    #expect(outcome.status == .success)
    #expect(outcome.output == ["tenant/acme  valid"])
    #expect(scene.services.askedServers.isEmpty)
  }

  @Test("--dry-run tells what would change and changes nothing")
  func dryRun() async throws {
    let scene = Scene()
    let now = CommonV1.WorkloadPolicy(
      workload: "exchange",
      stages: [
        .init(name: "managers", approvers: .init(groups: ["managers"], quorum: 1)),
        .init(name: "gone", approvers: .init(people: ["x"])),
      ])
    let next = CommonV1.WorkloadPolicy(
      workload: "exchange",
      stages: [
        .init(name: "managers", approvers: .init(groups: ["leads", "managers"], quorum: 2))
      ])
    try scene.services.answer(
      ApprovalsV1.PolicyService.applyPolicy,
      .init(
        policy: .init(policy: next, version: 8), changed: true,
        previous: .init(policy: now, version: 7)))
    let outcome = await scene.run(["apply", "-f", "-", "--dry-run"], input: Self.policy)
    #expect(outcome.status == .success)
    #expect(
      outcome.output == [
        "policy/exchange  would be changed  version 8",
        "  + stages[managers].approvers.groups: leads",
        "  ~ stages[managers].approvers.quorum: 1 → 2",
        "  - stages[gone].name: gone", "  - stages[gone].approvers.people: x",
        "  - stages[gone].earlier_approvers_allowed: false",
      ])
    #expect(
      try scene.services.requests(of: ApprovalsV1.PolicyService.applyPolicy).map(\.validateOnly)
        == [true])
  }

  @Test("a directory stands for its YAML files, by name")
  func directory() async throws {
    let scene = Scene()
    scene.write(Self.policy, to: "b.yml")
    scene.write(Self.tenant, to: "a.yaml")
    scene.write("no", to: "c.txt")
    // The scene's own ctl.yaml is no file of settings.
    let outcome = await scene.run(["apply", "--check", "-f", scene.directory.path])
    #expect(outcome.status == .data)
    #expect(
      outcome.errors.dropFirst() == [
        "  \(scene.path("ctl.yaml")):1:1: kind: is missing: write `kind: Tenant` or `kind: Policy`"
      ])
  }

  @Test(
    "what is wrong is told with its line and column, and nothing is applied",
    arguments: [
      (
        "tenannt_id", Self.tenant.replacing("tenant_id", with: "tenannt_id"),
        "2:1: tenannt_id: is no field of a Tenant; did you mean `tenant_id`?"
      ),
      ("unknown", Self.tenant + "\nzzz: 1", "9:1: zzz: is no field of a Tenant; known are"),
      (
        "nested", Self.tenant.replacing("quorum: 2", with: "quorom: 2"),
        "7:49: approvers.quorom: is no field of `approvers`; did you mean `quorum`?"
      ),
      ("no id", Self.tenant.replacing("tenant_id: acme\n", with: ""), "1:1: tenant_id: is missing"),
      (
        "duration", Self.tenant.replacing("1h30m", with: "90"),
        "5:19: request_lifetime: must be a duration such as 12h, 90s or 1h30m; it is `90`"
      ),
      (
        "flag", Self.tenant.replacing("true", with: "on"),
        "4:18: lockbox_enabled: must be `true` or `false`, without quotes; it is `on`"
      ),
      (
        "quorum word", Self.tenant.replacing("quorum: 2", with: "quorum: two"),
        "7:57: approvers.quorum: must be a whole number up to"
      ),
      (
        "list", Self.tenant.replacing("[a@acme.test]", with: "a@acme.test"),
        "8:11: contacts: must be a list"
      ),
      (
        "element", Self.policy.replacing("people: [dora]", with: "people: [[dora]]"),
        "5:39: stages[1].approvers.people[0]: must be a single value"
      ),
      ("both", Self.tenant + "\ntenantId: b", "9:1: tenant_id: stands twice"),
      ("empty", Self.tenant.replacing(": Acme", with: ":"), "display_name: is empty"),
      ("version", Self.tenant + "\nif_version: x", "9:13: if_version: must be the version"),
      ("kind", "kind: Tenent", "1:7: kind: `Tenent` is no kind"),
      ("no kind", "a: 1", "1:1: kind: is missing"), ("not a mapping", "- 1", "kind: is missing"),
      ("yaml", "kind: [", "this is not valid YAML"),
      ("key twice", "kind: Tenant\nkind: Tenant", "`kind` stands twice in a mapping"),
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

  @Test("every problem of all files is told at once")
  func allAtOnce() async {
    let scene = Scene()
    scene.write("kind: Policy\nstages: 1\n---\nkind: Polizy", to: "p.yaml")
    let text = "kind: Tenant\nlockbox_enabled: maybe\nfoo: 1"
    let outcome = await scene.run(["apply", "-f", "-", "-f", scene.path("p.yaml")], input: text)
    #expect(
      outcome.errors.dropFirst().map { $0.split(separator: ": ").dropLast()[0].suffix(3) }
        == [
          "1:1", "2:18", "3:1", "1:1", "2:9", "4:7",
        ].map { $0.suffix(3) }, "\(outcome.errors)")
  }

  @Test("what the service finds wrong is told at the lines of the fields, of all documents")
  func violations() async {
    let scene = Scene()
    let fields: [(String, String)] = [
      ("settings.approvers.people", "is missing"), ("settings.longest_access", "is too long"),
      ("settings.contacts[0]", "is no mail address"),
      ("settings.key_waiting_time", "is too short"),
    ]
    scene.services.refuse(
      ApprovalsV1.TenantService.applyTenant,
      RPCError(
        .invalidArgument, "x",
        details: [.badRequest(fields.map { .init(field: $0, description: $1) })]))
    scene.services.refuse(
      ApprovalsV1.PolicyService.applyPolicy,
      RPCError(
        .invalidArgument, "x",
        details: [.badRequest([.init(field: "policy.stages[1].name", description: "is bad")])]))
    let outcome = await scene.run(
      ["apply", "-f", "-"], input: Self.tenant + "\n---\n" + Self.policy)
    #expect(outcome.status == .data)
    #expect(
      outcome.errors.dropFirst() == [
        "  standard input:7:21: approvers.people: is missing",
        "  standard input:6:17: longest_access: is too long",
        "  standard input:8:12: contacts[0]: is no mail address",
        "  standard input:1:1: key_waiting_time: is too short",
        "  standard input:14:12: stages[1].name: is bad",
      ], "\(outcome.errors)")
  }

  @Test("whoever was slower is told so, and nothing is overwritten")
  func mismatch() async throws {
    let scene = Scene()
    let error = RPCError(
      .failedPrecondition, "x",
      details: [
        .errorInfo(reason: "VERSION_MISMATCH", domain: "lockbox", metadata: ["version": "9"])
      ])
    scene.services.refuse(ApprovalsV1.TenantService.applyTenant, error)
    let judged = await scene.run(["apply", "-f", "-"], input: Self.tenant + "\nif_version: 3")
    #expect(judged.status == .refused)
    #expect(judged.errors.last?.contains("1:1: tenant/acme: Somebody has changed it") == true)
    #expect(judged.errors.last?.contains("It is version 9 now.") == true)
    #expect(
      try scene.services.requests(of: ApprovalsV1.TenantService.applyTenant).map(\.condition)
        == [.ifVersion(3)])

    let race = Scene()
    try race.services.answer(ApprovalsV1.TenantService.applyTenant, Self.answer(version: 3))
    race.services.refuse(ApprovalsV1.TenantService.applyTenant, error)
    let outcome = await race.run(["apply", "-f", "-"], input: Self.tenant)
    #expect(outcome.status == .refused)
    #expect(outcome.errors.first?.contains("tenant/acme was not applied") == true)
  }

  @Test("where nobody is to be reached, the way there is told rather than the file's lines")
  func unreachable() async {
    let scene = Scene()
    scene.services.refuse(ApprovalsV1.TenantService.applyTenant, RPCError(.unavailable, "gone"))
    let outcome = await scene.run(["apply", "-f", "-"], input: Self.tenant)
    #expect(outcome.status == .unavailable)
    #expect(outcome.errors.count == 1)
  }

  @Test(
    "the files that are shipped are valid",
    arguments: ["dev/tenants.yaml", "dev/policies.yaml", "examples.yaml"])
  func shipped(name: String) async {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let outcome = await Scene().run(
      ["apply", "--check", "-f", "/\(root)/deploy/config/\(name)"], environment: [:])
    #expect(outcome.status == .success, "\(outcome.errors)")
  }
}
