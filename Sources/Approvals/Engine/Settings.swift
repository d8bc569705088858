internal import Domain
internal import LockboxProto
internal import ServiceKit

extension ApprovalsTransaction {
  /// Makes `settings` the tenant's from now on; settings that are so already make no version.
  func apply(
    _ settings: TenantSettings, origin: EventOrigin
  ) throws -> (tenant: Versioned<TenantSettings>, changed: Bool) {
    let present = try tenant(settings.tenant)
    if let present, present.value == settings { return (present, false) }
    let next = Versioned(settings, version: (present?.version ?? 0) + 1)
    try save(next)
    let draft = EventDraft(
      time: time.now, tenant: settings.tenant, request: nil, origin: origin,
      payload: .tenantApplied(.init(settings: settings.message, version: next.version)))
    try append { try draft.serialized(feed: feedName, sequence: $0) }
    return (next, true)
  }

  /// Makes `policy` the workload's from now on; a policy that is so already makes no version.
  func apply(
    _ policy: WorkloadPolicy, origin: EventOrigin
  ) throws -> (policy: Versioned<WorkloadPolicy>, changed: Bool) {
    let present = try self.policy(policy.workload)
    if let present, present.value == policy { return (present, false) }
    let next = Versioned(policy, version: (present?.version ?? 0) + 1)
    try save(next)
    let draft = EventDraft(
      time: time.now, tenant: nil, request: nil, origin: origin,
      payload: .policyApplied(.init(policy: policy.message, version: next.version)))
    try append { try draft.serialized(feed: feedName, sequence: $0) }
    return (next, true)
  }
}
