/// The provider's stages for one workload, in order.
public struct WorkloadPolicy: Hashable, Sendable {
  public struct ProviderStage: Hashable, Sendable {
    public let name: String
    public let approvers: Approvers
    /// From the opening of the stage to its deadline.
    public let lifetime: Duration
    /// Whoever decided at an earlier stage may decide here too; the requester never may.
    public let allowsEarlierApprovers: Bool
    /// Who else may decide after a time.
    public let escalation: Escalation?

    public init(
      name: String, approvers: Approvers, lifetime: Duration, allowsEarlierApprovers: Bool = false,
      escalation: Escalation? = nil
    ) {
      self.name = name
      self.approvers = approvers
      self.lifetime = lifetime
      self.allowsEarlierApprovers = allowsEarlierApprovers
      self.escalation = escalation
    }
  }

  public let workload: Workload
  /// What holds where no rule matches.
  public let stages: [ProviderStage]
  /// A request without a ticket is denied.
  public let requiresTicket: Bool
  /// The first that matches decides in place of `stages`.
  public let rules: [PolicyRule]
  /// Nil: nobody may break the glass.
  public let breakGlass: BreakGlassPolicy?

  public init(
    workload: Workload, stages: [ProviderStage], requiresTicket: Bool = false,
    rules: [PolicyRule] = [], breakGlass: BreakGlassPolicy? = nil
  ) {
    self.workload = workload
    self.stages = stages
    self.requiresTicket = requiresTicket
    self.rules = rules
    self.breakGlass = breakGlass
  }
}

/// The provider's stages for some requests of a workload.
public struct PolicyRule: Hashable, Sendable {
  public let name: String
  /// Empty: every reason.
  public let reasons: Set<ReasonCode>
  /// Empty: every severity, and requests that state none.
  public let severities: Set<Severity>
  public let requiresTicket: Bool
  public let stages: [WorkloadPolicy.ProviderStage]
  /// That `stages` are none is meant: the customer alone decides.
  public let isCustomerAlone: Bool
  /// Nil: the tenant's.
  public let longestAccess: Duration?

  public init(
    name: String, reasons: Set<ReasonCode> = [], severities: Set<Severity> = [],
    requiresTicket: Bool = false, stages: [WorkloadPolicy.ProviderStage],
    isCustomerAlone: Bool = false, longestAccess: Duration? = nil
  ) {
    self.name = name
    self.reasons = reasons
    self.severities = severities
    self.requiresTicket = requiresTicket
    self.stages = stages
    self.isCustomerAlone = isCustomerAlone
    self.longestAccess = longestAccess
  }

  func matches(_ request: AccessRequest) -> Bool {
    let isOfReason = reasons.isEmpty || reasons.contains(request.reason)
    let isOfSeverity =
      severities.isEmpty || request.severity.map(severities.contains) ?? false
    return isOfReason && isOfSeverity
  }
}
