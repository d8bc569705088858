/// The provider's stages for one workload, in order.
public struct WorkloadPolicy: Hashable, Sendable {
  public struct ProviderStage: Hashable, Sendable {
    public let name: String
    public let approvers: Approvers
    /// From the opening of the stage to its deadline.
    public let lifetime: Duration

    public init(name: String, approvers: Approvers, lifetime: Duration) {
      self.name = name
      self.approvers = approvers
      self.lifetime = lifetime
    }
  }

  public let workload: Workload
  public let stages: [ProviderStage]
  /// Nil: nobody may break the glass.
  public let breakGlass: BreakGlassPolicy?

  public init(
    workload: Workload, stages: [ProviderStage], breakGlass: BreakGlassPolicy? = nil
  ) {
    self.workload = workload
    self.stages = stages
    self.breakGlass = breakGlass
  }
}

/// A tenant and what its admins decided about lockbox.
public struct TenantSettings: Hashable, Sendable {
  public let tenant: TenantID
  public let displayName: String
  /// Off: the customer's stage is skipped; everything else, the audit too, is the same.
  public let lockboxEnabled: Bool
  /// How long the customer's stage stays open.
  public let requestLifetime: Duration
  /// The longest window of a grant.
  public let longestAccess: Duration
  public let approvers: Approvers
  /// Mail addresses to tell of requests.
  public let contacts: [String]
  /// The customer's decisions count only with a signature by a key that the approver registered.
  public let requiresSignedDecisions: Bool
  /// How long a registered key waits before it counts, unless another admin confirms it.
  public let keyWaitingTime: Duration
  /// Nil: no access without the customer's approval.
  public let breakGlass: BreakGlassSettings?

  public init(
    tenant: TenantID, displayName: String, lockboxEnabled: Bool, requestLifetime: Duration,
    longestAccess: Duration, approvers: Approvers, contacts: [String],
    requiresSignedDecisions: Bool = false, keyWaitingTime: Duration = Limits.defaultKeyWaitingTime,
    breakGlass: BreakGlassSettings? = nil
  ) {
    self.tenant = tenant
    self.displayName = displayName
    self.lockboxEnabled = lockboxEnabled
    self.requestLifetime = requestLifetime
    self.longestAccess = longestAccess
    self.approvers = approvers
    self.contacts = contacts
    self.requiresSignedDecisions = requiresSignedDecisions
    self.keyWaitingTime = keyWaitingTime
    self.breakGlass = breakGlass
  }
}
