/// How short lifetimes may be: the design's limits in production, seconds in development, where a
/// story must not take an hour.
public struct LifetimeRules: Hashable, Sendable {
  public let requestLifetime: ClosedRange<Duration>
  public let access: ClosedRange<Duration>

  public init(requestLifetime: ClosedRange<Duration>, access: ClosedRange<Duration>) {
    self.requestLifetime = requestLifetime
    self.access = access
  }

  public static let production = LifetimeRules(
    requestLifetime: Limits.requestLifetime, access: Limits.shortestAccess...Limits.longestAccess)
  public static let development = LifetimeRules(
    requestLifetime: .seconds(1)...Limits.requestLifetime.upperBound,
    access: .seconds(1)...Limits.longestAccess)
}

extension Violations {
  public mutating func tenant(_ settings: TenantSettings, rules: LifetimeRules) {
    require(
      settings.tenant != Limits.reservedTenant, "settings.tenant_id",
      "is the name of the provider's own log; choose another")
    text(settings.displayName, "settings.display_name", length: Limits.displayNameLength)
    duration(
      settings.requestLifetime, "settings.request_lifetime", in: rules.requestLifetime)
    duration(settings.longestAccess, "settings.longest_access", in: rules.access)
    duration(
      settings.keyWaitingTime, "settings.key_waiting_time", in: Limits.keyWaitingTime)
    if let retention = settings.auditRetention {
      duration(retention, "settings.audit_retention", in: Limits.auditRetention)
    }
    count(settings.contacts.count, "settings.contacts", in: Limits.contactCount)
    for (index, contact) in settings.contacts.enumerated() {
      mailAddress(contact, "settings.contacts[\(index)]")
    }
    count(settings.enrolledWorkloads.count, "settings.enrolled_workloads", in: Limits.workloadCount)
    count(settings.workloadApprovers.count, "settings.workload_approvers", in: Limits.workloadCount)
    // Off, the approvers may be named already; on, somebody must be able to approve.
    let isGeneralUsed = settings.approversInUse.contains { $0.workload == nil }
    if isGeneralUsed || settings.approvers.isNamed {
      approvers(settings.approvers, "settings.approvers", side: .customer)
    }
    // In the order of the message, which is by workload.
    for (index, special) in settings.workloadApprovers.sorted(by: { $0.key < $1.key }).enumerated()
    {
      approvers(
        special.value, "settings.workload_approvers[\(index)].approvers", side: .customer)
    }
    if let breakGlass = settings.breakGlass {
      self.breakGlass(breakGlass, contacts: settings.contacts, rules: rules)
    }
    if let required = settings.requiredCosignatures { cosignatures(required) }
    if let notices = settings.notifications { notifications(notices) }
  }
}
