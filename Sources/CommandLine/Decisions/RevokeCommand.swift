internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct RevokeCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "End a live grant before its time (a customer's approvers and admins).",
    discussion: """
      Takes the grant's id, as `show` and `grant list` print it. No new token is given from now \
      on; tokens that are out end within ten minutes.

      EXAMPLES
        lockboxctl grant list --live
        lockboxctl revoke "$grant" --comment 'ticket closed'
      """)

  @Argument(help: "The grant's id, as show and grant list print it.") var grant: GrantID
  @Option(help: "Why, for the log and the engineer.") var comment: String
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if comment.isEmpty { throw ValidationError("--comment must say why.") }
  }

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.ApprovalsService.revokeGrant,
      .init(grantID: grant.description, comment: comment), at: .approvals)
    try session.printer.result(response) {
      let request = Request.record(response.accessRequest ?? .init())
      return [request.line(session.printer.style, session.shell.times)]
    }
  }
}
