internal import ArgumentParser

/// The root command.
struct LockboxVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-verify",
    abstract: "Check what Lockbox says, offline, on a machine of your own.",
    discussion: """
      Reads files and the keys that you name; asks nobody. The log's key is a line such as
      log.example/acme+1a2b3c4d+AX…, given to you by a way that you trust; write it, or @FILE with it.

      EXAMPLES
        lockbox-verify evidence 2026-10/ --log-key @acme.vkey
        lockbox-verify no-access 2026-10/ --log-key @acme.vkey
        lockbox-verify checkpoint new.proof --since old.checkpoint --log-key @acme.vkey

      EXIT STATUS
      \(VerificationStatus.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))
      """,
    version: "0.1.0",
    subcommands: [
      TokenCommand.self, GrantCommand.self, RangeCommand.self, CheckpointCommand.self,
      EvidenceCommand.self, NoAccessCommand.self,
    ])

  /// Nothing was checked: a script whose variable is empty must not read that all is well.
  func run() throws {
    throw ValidationError("Say what to check; lockbox-verify --help lists the commands.")
  }
}
