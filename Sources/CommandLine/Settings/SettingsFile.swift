internal import Domain
internal import Yams

/// What `apply -f` takes: documents of `kind: Tenant` and `kind: Policy`.
enum SettingsDocument: Hashable {
  case tenant(TenantSettings)
  case policy(WorkloadPolicy)

  /// `tenant/acme`, as results and complaints name it.
  var name: String {
    switch self {
    case .tenant(let settings): "tenant/\(settings.tenant)"
    case .policy(let policy): "policy/\(policy.workload)"
    }
  }
}

enum SettingsFile {
  /// Reads and checks a file's documents; every problem of all of them is collected.
  ///
  /// The lifetimes' bounds are those of development, the widest: the service knows which it is.
  static func parse(_ text: String, file: String) throws(Failure) -> [SettingsDocument] {
    var problems = YamlProblems(file: file)
    let nodes = try YamlFile.documents(text, file: file)
    let documents = nodes.compactMap { document($0, &problems) }
    guard problems.found.isEmpty else {
      throw Failure(
        .data, "Nothing was applied: correct \(file) and try again.",
        details: problems.found.map(\.description))
    }
    return documents
  }

  private static func document(
    _ node: Node, _ problems: inout YamlProblems
  ) -> SettingsDocument? {
    switch node.mapping?["kind"]?.string {
    case "Tenant": return tenant(node, &problems).map { .tenant($0) }
    case "Policy": return policy(node, &problems).map { .policy($0) }
    case let kind:
      let line = node.mapping?["kind"]?.mark?.line ?? node.mark?.line ?? 1
      problems.add(
        line,
        kind.map { "`\(Printable.line($0))` is no kind; write `Tenant` or `Policy`" }
          ?? "`kind` is missing: write `kind: Tenant` or `kind: Policy`")
      return nil
    }
  }

  private static let nameRule = "1 to 63 of a–z, 0–9 and -, beginning with a letter"

  private static func tenant(_ node: Node, _ problems: inout YamlProblems) -> TenantSettings? {
    let keys = [
      "kind", "tenant_id", "display_name", "lockbox_enabled", "request_lifetime",
      "longest_access", "approvers", "contacts", "require_signed_decisions", "key_waiting_time",
      "break_glass",
    ]
    guard let root = YamlMapping(node, name: "a Tenant", keys: keys, &problems) else { return nil }
    let before = problems.found.count
    root.require("tenant_id", "the tenant's id", &problems)
    root.require("lockbox_enabled", "`true` or `false`", &problems)
    let tenant = root.value("tenant_id", nameRule, &problems) { TenantID($0) }
    let displayName = root.text("display_name", &problems)
    let isEnabled = root.flag("lockbox_enabled", &problems)
    let lifetime = root.duration("request_lifetime", &problems)
    let access = root.duration("longest_access", &problems)
    let approvers = approvers(root, &problems)
    let contacts = root.texts("contacts", &problems)
    let isSigned = root.flag("require_signed_decisions", &problems)
    let waiting = root.duration("key_waiting_time", &problems)
    let breakGlass = breakGlassSettings(root, &problems)
    guard let tenant, let isEnabled, problems.found.count == before else { return nil }
    let settings = TenantSettings(
      tenant: tenant, displayName: displayName ?? "", lockboxEnabled: isEnabled,
      requestLifetime: lifetime ?? Limits.defaultRequestLifetime,
      longestAccess: access ?? Limits.defaultAccess, approvers: approvers, contacts: contacts,
      requiresSignedDecisions: isSigned ?? false,
      keyWaitingTime: waiting ?? Limits.defaultKeyWaitingTime, breakGlass: breakGlass)
    var violations = Violations()
    violations.tenant(settings, rules: .development)
    problems.add(violations, of: root, dropping: "settings.")
    return settings
  }

  private static func policy(_ node: Node, _ problems: inout YamlProblems) -> WorkloadPolicy? {
    guard
      let root = YamlMapping(
        node, name: "a Policy", keys: ["kind", "workload", "stages", "break_glass"], &problems)
    else { return nil }
    let before = problems.found.count
    root.require("workload", "the workload's name", &problems)
    let workload = root.value("workload", nameRule, &problems) { Workload($0) }
    var stages: [WorkloadPolicy.ProviderStage] = []
    for (index, node) in root.list("stages", &problems).enumerated() {
      guard
        let stage = YamlMapping(
          node, path: "stages[\(index)]", name: "a stage", keys: ["name", "lifetime", "approvers"],
          &problems)
      else { continue }
      stages.append(
        WorkloadPolicy.ProviderStage(
          name: stage.required("name", "the stage's name", &problems) ?? "",
          approvers: approvers(stage, &problems),
          lifetime: stage.duration("lifetime", &problems) ?? Limits.defaultRequestLifetime))
    }
    let breakGlass = breakGlassPolicy(root, &problems)
    guard let workload, problems.found.count == before else { return nil }
    let policy = WorkloadPolicy(workload: workload, stages: stages, breakGlass: breakGlass)
    var violations = Violations()
    violations.policy(policy, rules: .development)
    problems.add(violations, of: root, dropping: "policy.")
    return policy
  }

  static func approvers(_ parent: YamlMapping, _ problems: inout YamlProblems) -> Approvers {
    let mapping = parent.mapping(
      "approvers", name: "`approvers`", keys: ["people", "groups", "quorum"], &problems)
    return Approvers(
      people: Set(mapping?.texts("people", &problems) ?? []),
      groups: Set(mapping?.texts("groups", &problems) ?? []),
      quorum: mapping?.count("quorum", &problems) ?? 1)
  }
}

extension YamlProblems {
  /// The domain's violations, at the document's line: its fields are the file's.
  fileprivate mutating func add(
    _ violations: Violations, of root: YamlMapping, dropping prefix: String
  ) {
    for violation in violations.found {
      let field =
        violation.field.hasPrefix(prefix)
        ? String(violation.field.dropFirst(prefix.count)) : violation.field
      let key = String(field.prefix { $0 != "." && $0 != "[" })
      add(root.line(of: key), "`\(field)` \(violation.problem)")
    }
  }
}
