internal import ArgumentParser
internal import LockboxProto

struct PolicyListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List policies by workload.",
    discussion: """
      EXAMPLES
        lockboxctl policy list
        lockboxctl policy list --output json | jq '.policies[].policy.stages'
      """)

  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (policies, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ApprovalsV1.PolicyService.listPolicies,
        .init(pageSize: limit.pageSize, pageToken: token), at: .approvals)
      return (page.policies, page.nextPageToken)
    }
    try session.printer.table(
      ApprovalsV1.ListPoliciesResponse(policies: policies), empty: "No policies."
    ) {
      var table = Table("WORKLOAD", "STAGES", "VERSION")
      for policy in policies {
        let stages = (policy.policy?.stages ?? []).map(\.name).joined(separator: ", then ")
        table.add(
          Styled(policy.policy?.workload ?? ""), Styled(stages), Styled("\(policy.version)"))
      }
      return table
    }
    session.noteMore(more, than: policies.count)
  }
}
