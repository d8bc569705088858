internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

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
      let policy = found.policy ?? .init()
      page.field("Ticket", Styled(policy.ticketRequired ? "required" : ""))
      page.table(policy.stages.table)
      for rule in policy.rules { page.add(rule) }
      page.field(
        "Break-glass",
        policy.breakGlass.map { Styled(($0.approvers ?? .init()).line, .bad) } ?? "not allowed")
      return page
    }
  }
}

extension [CommonV1.ProviderStage] {
  fileprivate var table: Table {
    var table = Table("STAGE", "APPROVERS", "OPEN FOR", "THEN ALSO")
    for stage in self {
      let escalation = stage.escalation.map {
        "\($0.approvers?.who ?? "") after \($0.after.words)"
      }
      let repeated = stage.earlierApproversAllowed ? " (earlier ones too)" : ""
      table.add(
        Styled(stage.name), Styled((stage.approvers ?? .init()).line + repeated),
        Styled(stage.lifetime.words), Styled(escalation ?? ""))
    }
    return table
  }
}

extension Page {
  fileprivate mutating func add(_ rule: CommonV1.PolicyRule) {
    heading(Styled("Rule \(rule.name)"))
    field(
      "For",
      Styled(
        rule.reasonCodes.isEmpty
          ? "every reason" : rule.reasonCodes.map(\.words).joined(separator: ", ")))
    field("Severity", Styled(rule.severities.map(\.words).joined(separator: ", ")))
    field("Ticket", Styled(rule.ticketRequired ? "required" : ""))
    field("Longest access", Styled(rule.longestAccess.words))
    if rule.customerAlone {
      field("Stages", Styled("none: the customer alone decides"))
    } else {
      table(rule.stages.table)
    }
  }
}
