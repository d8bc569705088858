internal import Domain

extension ApprovalsTransaction {
  /// What becomes of a request that approvals takes up: under which snapshot it opens, or why not.
  func opening(of request: AccessRequest) throws -> RequestEvent {
    try opening(of: request, under: try policy(request.workload), at: time.now)
  }
}

extension ApprovalsReader {
  /// As above under any policy, for requests that nobody makes too.
  func opening(
    of request: AccessRequest, under policy: Versioned<WorkloadPolicy>?, at now: Timestamp
  ) throws -> RequestEvent {
    guard let policy, let tenant = try tenant(request.tenant) else { return .refuse(.noPolicy) }
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

  /// How a request would have gone under another policy, with the tenant's settings of then.
  func replay(_ record: RequestRecord, under policy: WorkloadPolicy) throws -> Replay {
    let tenant = try tenant(
      record.request.tenant, version: record.snapshot?.tenantVersion ?? 0)
    do throws(Refusal) {
      return try Replay(
        of: record, under: policy, tenant: tenant?.value, version: tenant?.version ?? 0)
    } catch {
      throw RequestRefused(error, state: .received)
    }
  }
}
