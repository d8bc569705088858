internal import Domain

extension ApprovalsTransaction {
  /// What becomes of a request that approvals takes up: under which snapshot it opens, or why not.
  func opening(of request: AccessRequest) throws -> RequestEvent {
    let now = time.now
    guard let policy = try policy(request.workload), let tenant = try tenant(request.tenant) else {
      return .refuse(.noPolicy)
    }
    if request.isBreakGlass, try hasOverdueReview(of: request.tenant, at: now) {
      return .refuse(.reviewOverdue)
    }
    let earlier = try request.extends.flatMap { try self.request(ofGrant: $0)?.record }
    let others = try request.extends.map { try requests(extending: $0).map(\.record) } ?? []
    do throws(DenialReason) {
      let snapshot = try PolicySnapshot(
        of: request, policy: policy.value, version: policy.version, tenant: tenant.value,
        version: tenant.version)
      let extended =
        request.extends == nil
        ? nil : try request.continuing(earlier, others: others, at: now)
      return .open(snapshot, extending: extended)
    } catch {
      return .refuse(error)
    }
  }
}
