/// When the provider may break a tenant's glass: access without the customer's approval, of which
/// every contact hears at once and which the customer reviews afterwards. A tenant without it allows
/// none.
public struct BreakGlassSettings: Hashable, Sendable {
  /// For these reasons only.
  public let reasons: Set<ReasonCode>
  /// The longest window of such a grant.
  public let longestAccess: Duration
  /// How long after the grant's end the review may stay open.
  public let reviewLifetime: Duration

  public init(
    reasons: Set<ReasonCode>, longestAccess: Duration = Limits.defaultBreakGlassAccess,
    reviewLifetime: Duration = Limits.defaultReviewLifetime
  ) {
    self.reasons = reasons
    self.longestAccess = longestAccess
    self.reviewLifetime = reviewLifetime
  }
}

/// Who of the provider's people lets an engineer break the glass of a workload: two at least.
public struct BreakGlassPolicy: Hashable, Sendable {
  public let approvers: Approvers
  /// From the opening of the stage to its deadline.
  public let lifetime: Duration

  public init(approvers: Approvers, lifetime: Duration = Limits.defaultBreakGlassLifetime) {
    self.approvers = approvers
    self.lifetime = lifetime
  }
}

extension PolicySnapshot {
  /// What a break-glass request keeps of the tenant's settings.
  public struct BreakGlass: Hashable, Sendable {
    /// Who hears of it.
    public let contacts: [String]
    public let reviewLifetime: Duration

    public init(contacts: [String], reviewLifetime: Duration) {
      self.contacts = contacts
      self.reviewLifetime = reviewLifetime
    }
  }

  /// What `request` is opened with.
  /// - Throws: why tenant or policy do not allow it.
  public init(
    of request: AccessRequest, policy: WorkloadPolicy, version policyVersion: UInt64,
    tenant: TenantSettings, version tenantVersion: UInt64
  ) throws(DenialReason) {
    if request.isBreakGlass {
      try self.init(
        breakGlassFor: request.reason, policy: policy, version: policyVersion, tenant: tenant,
        version: tenantVersion)
    } else {
      self.init(
        policy: policy, version: policyVersion, tenant: tenant, version: tenantVersion,
        request: request)
    }
  }

  static let breakGlassStage = "break-glass"

  /// One stage of the provider's, and none of the customer's.
  private init(
    breakGlassFor reason: ReasonCode, policy: WorkloadPolicy, version policyVersion: UInt64,
    tenant: TenantSettings, version tenantVersion: UInt64
  ) throws(DenialReason) {
    guard let allowed = tenant.breakGlass, allowed.reasons.contains(reason) else {
      throw .breakGlassNotAllowed
    }
    guard let group = policy.breakGlass,
      Limits.breakGlassQuorum.contains(group.approvers.quorum)
    else { throw .breakGlassWithoutPolicy }
    self.init(
      policyVersion: policyVersion, tenantVersion: tenantVersion,
      requiresTicket: policy.requiresTicket,
      stages: [
        Stage(
          name: Self.breakGlassStage, side: .provider, approvers: group.approvers,
          lifetime: group.lifetime)
      ],
      longestAccess: min(allowed.longestAccess, Limits.longestBreakGlassAccess),
      breakGlass: BreakGlass(
        contacts: tenant.contacts, reviewLifetime: allowed.reviewLifetime),
      requiredCosignatures: tenant.requiredCosignatures)
  }
}
