internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit

/// How settings are applied.
struct ApplyMode: Hashable, Sendable {
  /// Nothing is kept and there is no event; all else is the same.
  var isOnlyJudged = false
  /// The version that must stand, 0 for none; nil: any.
  var ifVersion: UInt64?
}

/// What applying settings came to.
struct SettingsChange<Value: Hashable & Sendable>: Sendable {
  let previous: Versioned<Value>?
  /// What stands now; where it was only judged, what would.
  let current: Versioned<Value>
  var isChange: Bool { previous?.version != current.version }
}

extension ApprovalsTransaction {
  /// Makes `settings` the tenant's from now on; settings that are so already make no version.
  func apply(
    _ settings: TenantSettings, origin: EventOrigin, mode: ApplyMode = ApplyMode()
  ) throws -> SettingsChange<TenantSettings> {
    let change = try change(
      of: try tenant(settings.tenant), to: settings, origin: origin, mode: mode)
    guard change.isChange, !mode.isOnlyJudged else { return change }
    try save(change.current)
    let draft = EventDraft(
      time: time.now, tenant: settings.tenant, request: nil, origin: origin,
      payload: .tenantApplied(
        .init(settings: settings.message, version: change.current.version)))
    try append { try draft.serialized(feed: feedName, sequence: $0) }
    return change
  }

  /// Makes `policy` the workload's from now on; a policy that is so already makes no version.
  func apply(
    _ policy: WorkloadPolicy, origin: EventOrigin, mode: ApplyMode = ApplyMode()
  ) throws -> SettingsChange<WorkloadPolicy> {
    let change = try change(
      of: try self.policy(policy.workload), to: policy, origin: origin, mode: mode)
    guard change.isChange, !mode.isOnlyJudged else { return change }
    try save(change.current)
    let draft = EventDraft(
      time: time.now, tenant: nil, request: nil, origin: origin,
      payload: .policyApplied(.init(policy: policy.message, version: change.current.version)))
    try append { try draft.serialized(feed: feedName, sequence: $0) }
    return change
  }

  /// What is so already is no change whatever version was expected: whoever did not hear the answer
  /// may ask again.
  private func change<Value>(
    of present: Versioned<Value>?, to value: Value, origin: EventOrigin, mode: ApplyMode
  ) throws -> SettingsChange<Value> {
    if let present, present.value == value {
      return SettingsChange(previous: present, current: present)
    }
    let version = present?.version ?? 0
    if let expected = mode.ifVersion, expected != version {
      throw RPCError.reasoned(
        .failedPrecondition, "version \(version) stands, not \(expected)",
        reason: "VERSION_MISMATCH", metadata: ["version": "\(version)"])
    }
    let applied = Applied(time: time.now, by: origin.actor.subject.map { Subject($0) })
    return SettingsChange(
      previous: present, current: Versioned(value, version: version + 1, applied: applied))
  }
}
