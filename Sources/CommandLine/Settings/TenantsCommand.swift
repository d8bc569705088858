internal import ArgumentParser

struct TenantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenants",
    abstract: "Tenants and their settings (operators; a tenant's admins).",
    discussion: """
      EXAMPLES
        lockboxctl tenants list
        lockboxctl tenants show acme
        lockboxctl tenants history acme
      """,
    subcommands: [
      TenantsListCommand.self, TenantsShowCommand.self, TenantsHistoryCommand.self,
      TenantsRollbackCommand.self,
    ])
}
