internal import ArgumentParser
internal import Domain
internal import LockboxProto
internal import Words

struct GrantListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List grants, newest first.",
    discussion: """
      EXAMPLES
        lockboxctl grant list --live
        lockboxctl grant list --tenant acme --output json | jq '.grants[].grant'
      """)

  @Option(help: "Only of this tenant.") var tenant: TenantID?
  @Flag(help: "Only those that are live now.") var live = false
  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (grants, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ApprovalsV1.GrantService.listGrants,
        .init(
          pageSize: limit.pageSize, pageToken: token, tenantID: tenant?.text ?? "",
          liveOnly: live), at: .approvals)
      return (page.grants, page.nextPageToken)
    }
    try session.printer.table(ApprovalsV1.ListGrantsResponse(grants: grants), empty: "No grants.") {
      table(grants, session.shell.times)
    }
    session.noteMore(more, than: grants.count)
  }

  private func table(_ grants: [ApprovalsV1.GrantRecord], _ times: LocalTime) -> Table {
    var table = Table("GRANT", "TENANT", "ENGINEER", "STATE", "ACTIONS", "END", "NOTES")
    for record in grants {
      let grant = record.grant ?? .init()
      table.add(
        Styled(grant.grantID), Styled(grant.tenantID), Styled(grant.engineer?.short ?? ""),
        record.stateWords, Styled(grant.scope?.actionWords ?? ""), times.relative(grant.endTime),
        .notes(isBreakGlass: grant.breakGlass, extends: grant.extendsGrantID))
    }
    return table
  }
}
