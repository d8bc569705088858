/// A tenant and what its admins decided about lockbox.
public struct TenantSettings: Hashable, Sendable {
  public let tenant: TenantID
  public let displayName: String
  /// Off: the customer's stage is skipped; everything else, the audit too, is the same.
  public let lockboxEnabled: Bool
  /// The workloads that lockbox is on for; empty: all. For another one it is as if it were off.
  public let enrolledWorkloads: Set<Workload>
  /// How long the customer's stage stays open.
  public let requestLifetime: Duration
  /// The longest window of a grant.
  public let longestAccess: Duration
  public let approvers: Approvers
  /// Who may approve for single workloads, in place of `approvers`.
  public let workloadApprovers: [Workload: Approvers]
  /// Mail addresses that are told of everything.
  public let contacts: [String]
  /// The customer's decisions count only with a signature by a key that the approver registered.
  public let requiresSignedDecisions: Bool
  /// How long a registered key waits before it counts, unless another admin confirms it.
  public let keyWaitingTime: Duration
  /// How long the audit log keeps the tenant's events; nil: for ever.
  public let auditRetention: Duration?
  /// Nil: no access without the customer's approval.
  public let breakGlass: BreakGlassSettings?
  /// Nil: the log's own signature is enough for a token.
  public let requiredCosignatures: RequiredCosignatures?
  /// Nil: contacts alone are told, in English, as it happens.
  public let notifications: NotificationSettings?

  public init(
    tenant: TenantID, displayName: String, lockboxEnabled: Bool,
    enrolledWorkloads: Set<Workload> = [], requestLifetime: Duration, longestAccess: Duration,
    approvers: Approvers, workloadApprovers: [Workload: Approvers] = [:], contacts: [String],
    requiresSignedDecisions: Bool = false, keyWaitingTime: Duration = Limits.defaultKeyWaitingTime,
    auditRetention: Duration? = nil, breakGlass: BreakGlassSettings? = nil,
    requiredCosignatures: RequiredCosignatures? = nil, notifications: NotificationSettings? = nil
  ) {
    self.tenant = tenant
    self.displayName = displayName
    self.lockboxEnabled = lockboxEnabled
    self.enrolledWorkloads = enrolledWorkloads
    self.requestLifetime = requestLifetime
    self.longestAccess = longestAccess
    self.approvers = approvers
    self.workloadApprovers = workloadApprovers
    self.contacts = contacts
    self.requiresSignedDecisions = requiresSignedDecisions
    self.keyWaitingTime = keyWaitingTime
    self.auditRetention = auditRetention
    self.breakGlass = breakGlass
    self.requiredCosignatures = requiredCosignatures
    self.notifications = notifications
  }

  /// Whether the customer has a stage in requests for `workload`.
  public func asks(for workload: Workload) -> Bool {
    lockboxEnabled && (enrolledWorkloads.isEmpty || enrolledWorkloads.contains(workload))
  }

  public func approvers(for workload: Workload) -> Approvers {
    workloadApprovers[workload] ?? approvers
  }
}
