internal import ArgumentParser

struct ExpiryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expiry",
    abstract: "Deadlines: what waits and how punctual it is (operators).",
    discussion: """
      EXAMPLES
        lockboxctl expiry status
        lockboxctl expiry list --limit 10
      """,
    subcommands: [ExpiryStatusCommand.self, ExpiryListCommand.self])
}
