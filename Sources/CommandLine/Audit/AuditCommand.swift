internal import ArgumentParser
internal import Domain

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "The log: read it, follow it, search it, verify it.",
    discussion: """
      A tenant's log is for its auditors, admins and approvers; the provider's own (no --tenant) \
      for operators.

      EXAMPLES
        lockboxctl audit list --tenant acme --request "$id"
        lockboxctl audit verify --tenant acme --since acme.note
        lockboxctl audit export --tenant acme --from 2026-10-01T00:00:00Z \\
            --to 2026-11-01T00:00:00Z --out 2026-10
      """,
    subcommands: [
      AuditListCommand.self, AuditSearchCommand.self, AuditStatsCommand.self,
      AuditTailCommand.self, AuditCheckpointCommand.self, AuditVerifyCommand.self,
      AuditExportCommand.self, AuditFsckCommand.self,
    ])
}

/// Whose log.
struct LogOption: ParsableArguments {
  @Option(help: "The tenant whose log it is; none: the provider's own.") var tenant: TenantID?

  /// As the API takes it.
  var id: String { tenant?.text ?? "" }
  /// As `log_keys` of the configuration names it.
  var keyName: String { tenant?.text ?? Configuration.providerLog }
}
