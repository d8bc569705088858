internal import ArgumentParser

struct AuditListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List entries of a log, oldest first.",
    discussion: """
      --output json prints the entries as logged (base64: the leaves of the tree); --events prints \
      the events in them instead, one line of JSON each.

      EXAMPLES
        lockboxctl audit list --tenant acme --kind grant_revoked
        lockboxctl audit list --tenant acme --after 2026-11-01T00:00:00Z --limit 0
        lockboxctl audit list --tenant acme --person anna
        lockboxctl audit list --tenant acme --events | jq -r .requestId
        lockboxctl audit list --tenant acme --limit 0 --format csv --texts > acme.csv
      """)

  @OptionGroup var filter: EntryFilter
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws { try await filter.list(session) }
}
