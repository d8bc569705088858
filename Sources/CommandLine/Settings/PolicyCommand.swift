internal import ArgumentParser

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "The provider's stages for each workload (operators; managers may read).",
    discussion: """
      EXAMPLES
        lockboxctl policy list
        lockboxctl policy show exchange
        lockboxctl policy diff -f policies.yaml
        lockboxctl policy replay -f policies.yaml --since 30d
      """,
    subcommands: [
      PolicyListCommand.self, PolicyShowCommand.self, PolicyHistoryCommand.self,
      PolicyRollbackCommand.self, PolicyDiffCommand.self, PolicyTestCommand.self,
      PolicyReplayCommand.self,
    ])
}
