internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import StandardProto

struct GrantExtendCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "extend",
    abstract: "Ask for more time before a grant of yours ends (engineers).",
    discussion: """
      A new request for the same tenant, workload and scope: everybody who approves decides anew, and \
      nothing is longer until they have. Its access begins where the grant ends. Whoever ends the \
      grant ends the extension too. Prints the new request's id.

      EXAMPLES
        lockboxctl grant extend "$grant" --for 2h --because 'Still rebuilding'
        lockboxctl grant extend "$grant" --for 30m --because 'Last check' --watch
      """)

  @Argument(help: "The grant's id, as show and grant list print it.") var grant: GrantID
  @Option(name: .customLong("for"), help: "How much longer, such as 2h.") var duration: TimeSpan
  @Option(help: "Why: the customer reads this.") var because: String
  @Option(help: "The support ticket; else that of the grant's request.") var ticket: String?
  @Option(help: "Makes repeating safe: same key and content, same request. Made up if not given.")
  var idempotencyKey: String?
  @Flag(help: "Follow the request until it is decided.") var watch = false
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let granted = try await session.call(
      ApprovalsV1.GrantService.getGrant, .init(grantID: grant.description), at: .approvals
    ).grant?.grant
    let earlier =
      try await session.call(
        ApprovalsV1.ApprovalsService.getAccessRequest, .init(requestID: granted?.requestID ?? ""),
        at: .approvals
      ).accessRequest?.accessRequest ?? .init()
    try await Submission(
      session: session,
      request: .init(
        idempotencyKey: idempotencyKey ?? "", tenantID: earlier.tenantID,
        workload: earlier.workload, reasonCode: earlier.reasonCode, justification: because,
        ticket: ticket ?? earlier.ticket, scope: granted?.scope,
        duration: .init(duration.duration), extendsGrantID: grant.description)
    ).submit(watch: watch)
  }
}
