internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import RPC

/// Which version to go back to.
struct RollbackOptions: ParsableArguments {
  @Option(help: "The version whose content is applied again, as a new version.") var to: UInt64
  @Flag(help: "Tell what would change; change nothing.") var dryRun = false

  func validate() throws {
    if to == 0 { throw ValidationError("--to takes a version, counted from 1.") }
  }
}

struct PolicyRollbackCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Apply an earlier version of a policy again (operators).",
    discussion: """
      The same rules hold as for apply, and it is an event as any other change: the old content \
      becomes the newest version. Pending requests keep the policy they were opened with.

      EXAMPLES
        lockboxctl policy rollback exchange --to 3 --dry-run
        lockboxctl policy rollback exchange --to 3
      """)

  @Argument(help: "The workload.") var workload: Workload
  @OptionGroup var rollback: RollbackOptions
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.rollBack(.policy, workload.text, rollback)
  }
}

struct TenantsRollbackCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Apply an earlier version of a tenant's settings again (its admins).",
    discussion: """
      The same rules hold as for apply, and it is an event as any other change: the old content \
      becomes the newest version. Pending requests keep the settings they were opened with.

      EXAMPLES
        lockboxctl tenants rollback acme --to 3 --dry-run
        lockboxctl tenants rollback acme --to 3
      """)

  @Argument(help: "The tenant's id.") var tenant: TenantID
  @OptionGroup var rollback: RollbackOptions
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.rollBack(.tenant, tenant.text, rollback)
  }
}

extension Session {
  /// Applies an old content as a new version, over nothing but the version that stands now.
  fileprivate func rollBack(
    _ kind: SettingsKind, _ id: String, _ rollback: RollbackOptions
  ) async throws(Failure) {
    let present = try await version(0, of: kind, id)
    let old = try await version(rollback.to, of: kind, id)
    let answer: SettingsAnswer
    do throws(RPCError) {
      answer = try await apply(
        old.content, ifVersion: present.version, validateOnly: rollback.dryRun)
    } catch {
      throw Failure(error, from: .approvals, configuration)
    }
    try printer.print(answer, isOnlyJudged: rollback.dryRun)
  }
}
