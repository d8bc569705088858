internal import ArgumentParser
internal import LockboxProto

struct DenyCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "deny",
    abstract: "Deny a request at its open stage (managers; a customer's approvers).",
    discussion: """
      A denial ends the request. Shows the request first and asks for a typed confirmation; --yes \
      skips that.

      EXAMPLES
        lockboxctl deny "$id" --comment 'no such ticket'
        lockboxctl deny "$id" --comment 'too broad' --yes
      """)

  @OptionGroup var decision: DecisionOptions
  @Option(help: "Why, for the log and the requester.") var comment: String
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if comment.isEmpty { throw ValidationError("--comment must say why.") }
  }

  func run(_ session: Session) async throws {
    try await Deciding(session: session, verdict: .deny, comment: comment).decide(decision)
  }
}
