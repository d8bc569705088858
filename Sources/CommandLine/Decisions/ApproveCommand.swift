internal import ArgumentParser
internal import LockboxProto

struct ApproveCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Approve a request at its open stage (managers; a customer's approvers).",
    discussion: """
      Shows the request first and asks for a typed confirmation; --yes skips that. The decision \
      binds to the digest of what was shown: if the request is another one, nothing is decided.

      Instead of denying what asks for too much, approve less of it: --only names what may be \
      touched (resources that were asked for, or some below them), --action how, --for how long, \
      and --from puts the beginning off. What is not named stays as it stands.

      EXAMPLES
        lockboxctl approve 019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e
        lockboxctl approve "$id" --yes --comment 'see T-4711'
        lockboxctl approve "$id" --only mailboxes/alice/inbox --action read --for 30m
        lockboxctl approve "$id" --from 2026-11-23T01:00:00Z --comment 'at night only'
        lockboxctl approve "$id" --on-behalf-of anna    # whose delegate you are
      """)

  @OptionGroup var decision: DecisionOptions
  @Option(help: "For the log and the requester.") var comment = ""
  @OptionGroup var narrowing: NarrowingOptions
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    try await Deciding(
      session: session, verdict: .approve, comment: comment, narrowing: narrowing
    ).decide(decision)
  }
}
