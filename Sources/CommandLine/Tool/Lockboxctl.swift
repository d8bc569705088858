internal import ArgumentParser

/// The root command.
struct Lockboxctl: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "lockboxctl",
    abstract: "Customer Lockbox: ask for access, decide on it, prove it.",
    discussion: """
      EXAMPLES
        lockboxctl submit --as erin --tenant acme --workload exchange \\
            --reason customer-initiated-support --justification 'Mail loops' \\
            --resource mailboxes/alice@acme.test --action read --duration 2h
        lockboxctl approve --as mia 019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e
        lockboxctl audit verify --as alma --tenant acme

      EXIT STATUS
      \(CommandStatus.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))

      COMPLETION
        lockboxctl --generate-completion-script bash > lockboxctl.bash
        source lockboxctl.bash   # zsh and fish likewise
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: "Requests",
        subcommands: [
          SubmitCommand.self, WithdrawCommand.self, ListCommand.self, ShowCommand.self,
          WatchCommand.self,
        ]),
      CommandGroup(
        name: "Decisions",
        subcommands: [
          ApproveCommand.self, DenyCommand.self, AskCommand.self, AnswerCommand.self,
          RevokeCommand.self, ReviewCommand.self, KeyCommand.self, AbsenceCommand.self,
        ]),
      CommandGroup(name: "Access", subcommands: [GrantCommand.self, TokenCommand.self]),
      CommandGroup(
        name: "Settings",
        subcommands: [
          TenantsCommand.self, PeopleCommand.self, PolicyCommand.self, ApplyCommand.self,
          ExportCommand.self,
        ]),
      CommandGroup(
        name: "Audit and operation",
        subcommands: [
          AuditCommand.self, DestinationCommand.self, NotifyCommand.self, ExpiryCommand.self,
          HealthCommand.self,
        ]),
      CommandGroup(name: "Development", subcommands: [DevCommand.self]),
    ])
}
