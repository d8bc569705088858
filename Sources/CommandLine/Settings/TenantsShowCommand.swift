internal import ArgumentParser
internal import Domain
internal import LockboxProto

struct TenantsShowCommand: RemoteCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a tenant's settings.",
    discussion: """
      EXAMPLES
        lockboxctl tenants show acme
        lockboxctl tenants show acme --output json | jq .settings.approvers
      """)

  @Argument(help: "The tenant's id.") var tenant: TenantID
  @OptionGroup var options: GlobalOptions

  func run(_ session: Session) async throws {
    let response = try await session.call(
      ApprovalsV1.TenantService.getTenant, .init(tenantID: tenant.text), at: .approvals)
    let found = response.tenant ?? .init()
    try session.printer.page(found) { page(found) }
  }

  private func page(_ tenant: ApprovalsV1.Tenant) -> Page {
    let settings = tenant.settings ?? .init()
    var page = Page()
    page.heading(Styled("Tenant \(settings.tenantID)"), Styled("version \(tenant.version)", .faint))
    page.field("Name", Styled(settings.displayName))
    page.field("Lockbox", settings.lockboxWords)
    page.field("Request lifetime", Styled(settings.requestLifetime.words))
    page.field("Longest access", Styled(settings.longestAccess.words))
    page.field("Workloads", Styled(settings.enrolledWorkloads.joined(separator: ", ")))
    page.field("Approvers", Styled((settings.approvers ?? .init()).line))
    for special in settings.workloadApprovers {
      page.field(
        "Approvers, \(special.workload)", Styled((special.approvers ?? .init()).line))
    }
    page.field(
      "Decisions", Styled(settings.requireSignedDecisions ? "signed ones only" : "signed or not"))
    page.field("Keys wait", Styled(settings.keyWaitingTime.words))
    let isKeptForEver = settings.auditRetention == nil
    page.field("Log kept", Styled(isKeptForEver ? "for ever" : settings.auditRetention.words))
    page.field("Break-glass", settings.breakGlass.map { $0.line } ?? "not allowed")
    page.field(
      "Cosignatures", settings.requiredCosignatures.map { Styled($0.line) } ?? Styled("none needed")
    )
    page.field("Contacts", settings.contacts.map { Styled($0) })
    if let notices = settings.notifications {
      page.field("Notices", Styled(notices.line))
      page.field("Recipients", notices.recipients.map { Styled($0.line) })
    }
    return page
  }
}
