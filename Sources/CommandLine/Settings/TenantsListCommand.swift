internal import ArgumentParser
internal import LockboxProto

struct TenantsListCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List tenants by id.",
    discussion: """
      EXAMPLES
        lockboxctl tenants list
        lockboxctl tenants list --output json | jq -r '.tenants[].settings.tenantId'
      """)

  @OptionGroup var limit: LimitOption
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let (tenants, more) = try await session.pages(limit) { token in
      let page = try await session.call(
        ApprovalsV1.TenantService.listTenants,
        .init(pageSize: limit.pageSize, pageToken: token), at: .approvals)
      return (page.tenants, page.nextPageToken)
    }
    try session.printer.table(
      ApprovalsV1.ListTenantsResponse(tenants: tenants), empty: "No tenants."
    ) {
      var table = Table(
        "TENANT", "NAME", "LOCKBOX", "LIFETIME", "LONGEST ACCESS", "QUORUM", "VERSION")
      for tenant in tenants {
        let settings = tenant.settings ?? .init()
        table.add(
          Styled(settings.tenantID), Styled(settings.displayName), settings.lockboxWords,
          Styled(settings.requestLifetime.words), Styled(settings.longestAccess.words),
          Styled("\(settings.approvers?.quorum ?? 0)"), Styled("\(tenant.version)"))
      }
      return table
    }
    session.noteMore(more, than: tenants.count)
  }
}
