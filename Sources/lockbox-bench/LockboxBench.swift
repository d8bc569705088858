internal import ArgumentParser

@main
struct LockboxBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockbox-bench",
    abstract: "Load for Lockbox's services, and what it is held against.",
    discussion: """
      EXAMPLES
        lockbox-bench run --scenario submit --callers 64 --duration 10s
        lockbox-bench run --scenario submit=8 --scenario get=2 --rate 100..5000 --steps 10
        lockbox-bench committer --callers 64 --count 50000
        lockbox-bench feed --rate 50 --duration 10s
      deploy/bench runs them side by side and prints the ratios; deploy/load.md shows more, and how
      to use other load tools.
      """,
    subcommands: [RunCommand.self, CommitterCommand.self, FeedCommand.self],
    defaultSubcommand: RunCommand.self)
}
