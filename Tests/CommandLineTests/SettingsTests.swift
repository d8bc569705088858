internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import StandardProto
internal import Testing

@testable internal import CommandLine

@Suite("Settings and their versions")
struct SettingsTests {
  private typealias Tenants = ApprovalsV1.TenantService
  private typealias Policies = ApprovalsV1.PolicyService

  private static let operatorSubject = CommonV1.Subject(
    issuer: "https://provider.lockbox.test", id: "olga", displayName: "Olga")

  private static func policy(_ version: UInt64, quorum: UInt32) -> ApprovalsV1.Policy {
    .init(
      policy: .init(
        workload: "exchange",
        stages: [.init(name: "managers", approvers: .init(groups: ["m"], quorum: quorum))]),
      version: version, applyTime: version == 1 ? nil : Example.time(.hours(-1)),
      appliedBy: version == 1 ? nil : operatorSubject)
  }

  @Test("history tells when, who and which fields")
  func history() async throws {
    let scene = Scene()
    try scene.services.answer(
      Policies.listPolicyVersions,
      .init(
        versions: [Self.policy(3, quorum: 1), Self.policy(2, quorum: 2), Self.policy(1, quorum: 1)])
    )
    let outcome = await scene.run(["policy", "history", "exchange"])
    #expect(outcome.status == .success)
    #expect(outcome.output.count == 4)
    #expect(outcome.output[1].hasPrefix("3        2026-11-21 11:00:00"))
    #expect(outcome.output[1].hasSuffix("Olga (olga)  stages[managers].approvers.quorum"))
    #expect(outcome.output[3].hasPrefix("1  ") && outcome.output[3].hasSuffix("created"))
    try scene.services.answer(
      Tenants.listTenantVersions, .init(versions: [.init(version: 1)]))
    let tenants = await scene.run(["tenants", "history", "acme", "--output", "json"])
    #expect(tenants.output == [#"{"versions":[{"version":"1"}]}"#])
  }

  @Test("rollback applies the old content over nothing but what stands")
  func rollback() async throws {
    let scene = Scene()
    try scene.services.answer(Policies.getPolicy, .init(policy: Self.policy(3, quorum: 1)))
    try scene.services.answer(Policies.getPolicy, .init(policy: Self.policy(2, quorum: 2)))
    try scene.services.answer(
      Policies.applyPolicy,
      .init(
        policy: Self.policy(4, quorum: 2), changed: true, previous: Self.policy(3, quorum: 1)))
    let outcome = await scene.run(["policy", "rollback", "exchange", "--to", "2"])
    #expect(outcome.output == ["policy/exchange  changed  version 4"])
    #expect(
      try scene.services.requests(of: Policies.applyPolicy) == [
        .init(policy: Self.policy(2, quorum: 2).policy, condition: .ifVersion(3))
      ])
    #expect(
      try scene.services.requests(of: Policies.getPolicy).map(\.version) == [0, 2])
  }

  @Test("a rollback's dry run tells what would change; tenants roll back alike")
  func rollbackOfTenant() async throws {
    let scene = Scene()
    let settings = CommonV1.TenantSettings(tenantID: "acme", lockboxEnabled: true)
    try scene.services.answer(
      Tenants.getTenant, .init(tenant: .init(settings: .init(tenantID: "acme"), version: 3)))
    try scene.services.answer(
      Tenants.applyTenant,
      .init(
        tenant: .init(settings: settings, version: 4), changed: true,
        previous: .init(settings: .init(tenantID: "acme"), version: 3)))
    let outcome = await scene.run(["tenants", "rollback", "acme", "--to", "2", "--dry-run"])
    #expect(
      outcome.output == [
        "tenant/acme  would be changed  version 4", "  ~ lockbox_enabled: false → true",
      ])
    #expect(try scene.services.requests(of: Tenants.applyTenant).map(\.validateOnly) == [true])
  }

  @Test(
    "diff exits with 0 where nothing would change, and with another status where something would")
  func diff() async throws {
    let scene = Scene()
    try scene.services.answer(
      Policies.applyPolicy,
      ApplyTests.answer(CommonV1.WorkloadPolicy(workload: "exchange"), version: 1, changed: false))
    let same = await scene.run(["policy", "diff", "-f", "-"], input: ApplyTests.policy)
    #expect(same.status == .success)
    #expect(same.output == ["policy/exchange  unchanged  version 1"])
    let other = Scene()
    try other.services.answer(
      Policies.applyPolicy,
      .init(
        policy: Self.policy(4, quorum: 2), changed: true, previous: Self.policy(3, quorum: 1)))
    let changed = await other.run(
      ["policy", "diff", "-f", "-", "--output", "json"], input: ApplyTests.policy)
    #expect(changed.status == .changes)
    #expect(
      changed.output == [
        #"{"document":"policy/exchange","changed":true,"version":3,"differences":"#
          + #"[{"field":"stages[managers].approvers.quorum","before":"1","after":"2"}]}"#
      ])
  }

  @Test("export leaves out what is not to be read, and says so")
  func exportOfAdmin() async throws {
    let scene = Scene()
    try scene.services.answer(
      Tenants.listTenants,
      .init(tenants: [.init(settings: .init(tenantID: "acme"), version: 2)]))
    scene.services.refuse(Policies.listPolicies, RPCError(.permissionDenied, "x"))
    let outcome = await scene.run(["export", "--if-version"])
    #expect(outcome.status == .success)
    #expect(
      outcome.output.prefix(3) == ["kind: Tenant", "if_version: 2", "tenant_id: acme"])
    #expect(outcome.output.contains("lockbox_enabled: false"))
    #expect(outcome.errors == ["You may not read the policies: they are left out."])
    let nothing = Scene()
    nothing.services.refuse(Tenants.listTenants, RPCError(.permissionDenied, "x"))
    nothing.services.refuse(Policies.listPolicies, RPCError(.permissionDenied, "x"))
    #expect(await nothing.run(["export"]).status == .permission)
  }

  @Test("what export writes, apply reads as it was: every field, filled by the descriptors")
  func roundTrip() throws {
    for seed in 0..<200 {
      var filling = Filling(generator: SeededGenerator(seed: UInt64(seed)))
      let settings = try filling.message(CommonV1.TenantSettings.self)
      let policy = try filling.message(CommonV1.WorkloadPolicy.self)
      let lines =
        try SettingsVersion(ApprovalsV1.Tenant(settings: settings, version: 1))
        .yaml(withVersion: false) + ["---"]
        + SettingsVersion(ApprovalsV1.Policy(policy: policy, version: 1)).yaml(withVersion: true)
      let file = SettingsFile(lines.joined(separator: "\n"), file: "f")
      #expect(file.problems.isEmpty, "seed \(seed): \(lines)")
      #expect(
        file.documents.map(\.content) == [.tenant(settings), .policy(policy)], "seed \(seed)")
      #expect(file.documents.map(\.ifVersion) == [nil, 1])
      let none = TreeDifference.between(
        try SettingsContent.tenant(settings).tree(), try file.documents.first?.content.tree())
      #expect(none.isEmpty, "seed \(seed)")
    }
  }

  @Test("every field that differs is told: what came, what went, what changed, in which order")
  func differences() {
    func tree(_ text: String) -> ValueTree? {
      (try? YamlFile.documents(text))?.first.map { ValueTree($0) }
    }
    let table: [(String, String, [String])] = [
      ("{a: 1, b: x}", "{a: 1, b: x}", []),
      ("{a: 1}", "{a: 2, b: [x]}", ["~ a: 1 → 2", "+ b: x"]),
      ("{p: [a, b]}", "{p: [b, c]}", ["- p: a", "+ p: c"]),
      ("{p: [a, b]}", "{p: [b, a]}", ["~ p: [a, b] → [b, a]"]),
      ("{s: [{name: a, q: 1}]}", "{s: [{name: a, q: 2}]}", ["~ s[a].q: 1 → 2"]),
      (
        "{s: [{name: a}, {name: b}]}", "{s: [{name: b}, {name: a}]}",
        ["~ s: [a, b] → [b, a]"]
      ),
      ("{s: [{q: 1}]}", "{s: [{q: 1}, {q: 2}]}", ["+ s[1].q: 2"]),
      ("{a: {b: {c: x}}}", "{d: x}", ["- a.b.c: x", "+ d: x"]),
      ("{a: 1}", "{a: [x]}", ["~ a: 1 → [x]"]),
    ]
    for (before, after, lines) in table {
      #expect(TreeDifference.between(tree(before), tree(after)).map(\.line.text) == lines)
    }
    #expect(TreeDifference.between(nil, tree("{a: {b: 1}}")).map(\.line.text) == ["+ a.b: 1"])
  }
}
