internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct PolicyShowCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a workload's policy.",
    discussion: """
      EXAMPLES
        lockboxctl policy show exchange
        lockboxctl policy show exchange --output json | jq .policy.stages
      """)

  @Argument(help: "The workload.") var workload: Workload
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.PolicyService.getPolicy, .init(workload: workload.text), at: .approvals)
    let found = response.policy ?? .init()
    try session.printer.page(found) {
      var page = Page()
      page.heading(Styled("Policy \(workload)"), Styled("version \(found.version)", .faint))
      var table = Table("STAGE", "APPROVERS", "OPEN FOR")
      for stage in found.policy?.stages ?? [] {
        table.add(
          Styled(stage.name), Styled((stage.approvers ?? .init()).line),
          Styled(stage.lifetime.words))
      }
      page.table(table)
      let breakGlass = found.policy?.breakGlass
      page.field(
        "Break-glass",
        breakGlass.map { Styled(($0.approvers ?? .init()).line, .bad) } ?? "not allowed")
      return page
    }
  }
}
