internal import ArgumentParser

@main
struct LockboxBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-bench",
    abstract: "Load for Lockbox's services, and what it is held against.",
    discussion: """
      EXAMPLES
        lockbox-bench run --scenario submit --callers 64 --seconds 10
        lockbox-bench run --scenario life --rate 20 --count 500 --output json
        lockbox-bench committer --callers 64 --count 50000
        lockbox-bench feed --rate 50 --seconds 10
      deploy/bench runs them side by side and prints the ratios.
      """,
    subcommands: [RunCommand.self, CommitterCommand.self, FeedCommand.self],
    defaultSubcommand: RunCommand.self)
}
