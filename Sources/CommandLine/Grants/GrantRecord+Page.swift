internal import LockboxProto
internal import Words

extension ApprovalsV1.GrantRecord {
  /// Approved is the request's word; a grant is live.
  var stateWords: Styled {
    state == .approved ? Styled("live", .good) : state.words
  }

  func page(_ times: LocalTime) -> Page {
    let grant = grant ?? .init()
    var page = Page()
    page.heading(Styled("Grant \(grant.grantID)"), stateWords)
    if grant.breakGlass { page.field("Break-glass", .breakGlass) }
    page.field("Extends", Styled(grant.extendsGrantID))
    page.field("Request", Styled(grant.requestID))
    page.field("Tenant", Styled(grant.tenantID))
    page.field("Engineer", Styled(grant.engineer?.full ?? ""))
    page.field("Resources", (grant.scope?.resources ?? []).map { Styled($0) })
    page.field("Actions", Styled(grant.scope?.actionWords ?? ""))
    page.field("From", times.full(grant.startTime))
    page.field("To", times.full(grant.endTime))
    page.field("Digest", Styled(hexadecimal(grant.requestDigest)))
    return page
  }
}
