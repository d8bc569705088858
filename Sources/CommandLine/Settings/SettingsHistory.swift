internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import Words

struct PolicyHistoryCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List a policy's versions: when, who, what changed.",
    discussion: """
      EXAMPLES
        lockboxctl policy history exchange
        lockboxctl policy history exchange --output json | jq .versions[1].policy
      """)

  @Argument(help: "The workload.") var workload: Workload
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (versions, more) = try await session.history(of: .policy, workload.text, limit)
    let messages = versions.compactMap { $0.message as? ApprovalsV1.Policy }
    try session.print(
      versions, more, as: ApprovalsV1.ListPolicyVersionsResponse(versions: messages))
  }
}

struct TenantsHistoryCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the versions of a tenant's settings: when, who, what changed.",
    discussion: """
      EXAMPLES
        lockboxctl tenants history acme
        lockboxctl tenants history acme --output json | jq .versions[1].settings
      """)

  @Argument(help: "The tenant's id.") var tenant: TenantID
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (versions, more) = try await session.history(of: .tenant, tenant.text, limit)
    let messages = versions.compactMap { $0.message as? ApprovalsV1.Tenant }
    try session.print(
      versions, more, as: ApprovalsV1.ListTenantVersionsResponse(versions: messages))
  }
}

extension Session {
  fileprivate func history(
    of kind: SettingsKind, _ id: String, _ limit: LimitOption
  ) async throws -> (items: [SettingsVersion], more: Bool) {
    try await pages(limit) { token in
      try await versions(of: kind, id, size: limit.pageSize, token: token)
    }
  }

  fileprivate func print(
    _ versions: [SettingsVersion], _ more: Bool, as message: some Message
  ) throws(Failure) {
    var table = Table("VERSION", "APPLIED", "BY", "CHANGED")
    for (index, version) in versions.enumerated() {
      let before = versions.indices.contains(index + 1) ? versions[index + 1] : nil
      let changed: String
      if let before {
        let differences = TreeDifference.between(
          try before.content.tree(), try version.content.tree())
        changed = differences.map(\.field).reduce(into: [String]()) {
          if $0.last != $1 { $0.append($1) }
        }.joined(separator: ", ")
      } else {
        changed = version.version == 1 ? "created" : ""
      }
      table.add(
        Styled("\(version.version)"), shell.times.full(version.applyTime),
        Styled(version.appliedBy?.short ?? ""), Styled(changed))
    }
    try printer.table(message, empty: "No versions.") { table }
    noteMore(more, than: versions.count)
  }
}
