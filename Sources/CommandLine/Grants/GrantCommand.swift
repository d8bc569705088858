internal import ArgumentParser

struct GrantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant",
    abstract: "What approved requests gave: list, show, extend, prove, give back.",
    discussion: """
      EXAMPLES
        lockboxctl grant list --live
        lockboxctl grant extend "$grant" --for 2h --because 'Still rebuilding'
        lockboxctl grant evidence "$grant" > evidence.json
        lockboxctl grant verify evidence.json
        lockboxctl grant return 019aa0c4-77aa-7d10-8a4e-0a1b2c3d4e5f
      """,
    subcommands: [
      GrantListCommand.self, GrantShowCommand.self, GrantExtendCommand.self,
      GrantEvidenceCommand.self, GrantVerifyCommand.self, GrantReturnCommand.self,
    ])
}
