/// What a request was opened with: later changes of policy or settings do not reach it (I10).
public struct PolicySnapshot: Hashable, Sendable {
  public let policyVersion: UInt64
  public let tenantVersion: UInt64
  /// The rule of the policy that decided on the stages; nil: none matched.
  public let rule: String?
  /// Without a ticket the request is denied.
  public let requiresTicket: Bool
  /// The provider's stages in order, then the customer's. Never empty.
  public let stages: [Stage]
  public let longestAccess: Duration
  /// Set for a break-glass request, whose snapshot has no stage of the customer's.
  public let breakGlass: BreakGlass?
  /// What a receipt must carry before a token is given; nil: nothing more than the log's signature.
  public let requiredCosignatures: RequiredCosignatures?

  public init(
    policyVersion: UInt64, tenantVersion: UInt64, rule: String? = nil,
    requiresTicket: Bool = false, stages: [Stage], longestAccess: Duration,
    breakGlass: BreakGlass? = nil, requiredCosignatures: RequiredCosignatures? = nil
  ) {
    precondition(!stages.isEmpty, "a snapshot without a stage would approve by itself")
    self.policyVersion = policyVersion
    self.tenantVersion = tenantVersion
    self.rule = rule
    self.requiresTicket = requiresTicket
    self.stages = stages
    self.longestAccess = longestAccess
    self.breakGlass = breakGlass
    self.requiredCosignatures = requiredCosignatures
  }

  /// The stages that `policy` and `tenant` demand together for `request`.
  public init(
    policy: WorkloadPolicy, version policyVersion: UInt64, tenant: TenantSettings,
    version tenantVersion: UInt64, request: AccessRequest
  ) {
    let rule = policy.rules.first { $0.matches(request) }
    let asksCustomer = tenant.asks(for: request.workload)
    // A rule that leaves all to the customer leaves nothing where the customer is not asked.
    let providerStages =
      rule.map { $0.stages.isEmpty && !asksCustomer ? policy.stages : $0.stages } ?? policy.stages
    var stages = providerStages.map(Stage.init)
    if asksCustomer {
      stages.append(
        Stage(
          name: "customer", side: .customer, approvers: tenant.approvers(for: request.workload),
          lifetime: tenant.requestLifetime,
          requiresSignature: tenant.requiresSignedDecisions))
    }
    self.init(
      policyVersion: policyVersion, tenantVersion: tenantVersion, rule: rule?.name,
      requiresTicket: policy.requiresTicket || rule?.requiresTicket ?? false, stages: stages,
      longestAccess: min(
        tenant.longestAccess, rule?.longestAccess ?? tenant.longestAccess, Limits.longestAccess),
      requiredCosignatures: tenant.requiredCosignatures)
  }
}

extension Stage {
  fileprivate init(_ stage: WorkloadPolicy.ProviderStage) {
    self.init(
      name: stage.name, side: .provider, approvers: stage.approvers, lifetime: stage.lifetime,
      allowsEarlierApprovers: stage.allowsEarlierApprovers, escalation: stage.escalation)
  }
}
