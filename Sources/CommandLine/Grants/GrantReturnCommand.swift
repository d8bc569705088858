internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct GrantReturnCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: "Give a grant of yours back before its end (engineers).",
    discussion: """
      EXAMPLES
        lockboxctl grant return 019aa0c4-77aa-7d10-8a4e-0a1b2c3d4e5f
        lockboxctl grant return "$grant" --output json | jq .state
      """)

  @Argument(help: "The grant's id, as show and grant list print it.") var grant: GrantID
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.GrantService.returnGrant, .init(grantID: grant.description), at: .approvals)
    let record = response.grant ?? .init()
    try session.printer.page(record) { record.page(session.shell.times) }
  }
}
