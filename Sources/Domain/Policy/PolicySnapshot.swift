/// Whose people decide at a stage.
public enum Side: Int32, Hashable, Sendable, CaseIterable {
  case provider = 1
  case customer = 2
}

/// One approval step: k of the eligible must approve before its deadline.
public struct Stage: Hashable, Sendable {
  public let name: String
  public let side: Side
  public let approvers: Approvers
  public let lifetime: Duration
  /// Only signed decisions count here.
  public let requiresSignature: Bool

  public init(
    name: String, side: Side, approvers: Approvers, lifetime: Duration,
    requiresSignature: Bool = false
  ) {
    self.name = name
    self.side = side
    self.approvers = approvers
    self.lifetime = lifetime
    self.requiresSignature = requiresSignature
  }
}

/// What a request was opened with: later changes of policy or settings do not reach it (I10).
public struct PolicySnapshot: Hashable, Sendable {
  public let policyVersion: UInt64
  public let tenantVersion: UInt64
  /// The provider's stages in order, then the customer's. Never empty.
  public let stages: [Stage]
  public let longestAccess: Duration
  /// Set for a break-glass request, whose snapshot has no stage of the customer's.
  public let breakGlass: BreakGlass?

  public init(
    policyVersion: UInt64, tenantVersion: UInt64, stages: [Stage], longestAccess: Duration,
    breakGlass: BreakGlass? = nil
  ) {
    precondition(!stages.isEmpty, "a snapshot without a stage would approve by itself")
    self.policyVersion = policyVersion
    self.tenantVersion = tenantVersion
    self.stages = stages
    self.longestAccess = longestAccess
    self.breakGlass = breakGlass
  }

  /// The stages that `policy` and `tenant` demand together.
  public init(
    policy: WorkloadPolicy, version policyVersion: UInt64, tenant: TenantSettings,
    version tenantVersion: UInt64
  ) {
    var stages = policy.stages.map {
      Stage(name: $0.name, side: .provider, approvers: $0.approvers, lifetime: $0.lifetime)
    }
    if tenant.lockboxEnabled {
      stages.append(
        Stage(
          name: "customer", side: .customer, approvers: tenant.approvers,
          lifetime: tenant.requestLifetime,
          requiresSignature: tenant.requiresSignedDecisions))
    }
    self.init(
      policyVersion: policyVersion, tenantVersion: tenantVersion, stages: stages,
      longestAccess: min(tenant.longestAccess, Limits.longestAccess))
  }
}
