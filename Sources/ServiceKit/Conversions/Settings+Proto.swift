public import Domain
public import LockboxProto

extension Approvers {
  public var message: CommonV1.Approvers {
    CommonV1.Approvers(
      people: people.sorted(), groups: groups.sorted(), quorum: UInt32(clamping: quorum))
  }

  public init(_ message: CommonV1.Approvers?) {
    self.init(
      people: Set(message?.people ?? []), groups: Set(message?.groups ?? []),
      quorum: Int(message?.quorum ?? 0))
  }
}

extension TenantSettings {
  public var message: CommonV1.TenantSettings {
    CommonV1.TenantSettings(
      tenantID: tenant.text, displayName: displayName, lockboxEnabled: lockboxEnabled,
      requestLifetime: .init(requestLifetime), longestAccess: .init(longestAccess),
      approvers: approvers.message, contacts: contacts,
      requireSignedDecisions: requiresSignedDecisions, keyWaitingTime: .init(keyWaitingTime),
      breakGlass: breakGlass?.message)
  }

  /// Reads settings, and judges their values too where there are rules. Whatever is wrong is added
  /// to the violations, all of it at once; nil only with a violation added.
  public init?(
    _ message: CommonV1.TenantSettings, _ violations: inout Violations, rules: LifetimeRules? = nil
  ) {
    let tenant = violations.unwrap(
      TenantID(message.tenantID), "settings.tenant_id",
      "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    let lifetime =
      message.requestLifetime == nil
      ? Limits.defaultRequestLifetime : Duration(message.requestLifetime)
    let access =
      message.longestAccess == nil ? Limits.defaultAccess : Duration(message.longestAccess)
    violations.require(
      lifetime != nil, "settings.request_lifetime", "is no valid duration")
    let waiting =
      message.keyWaitingTime == nil
      ? Limits.defaultKeyWaitingTime : Duration(message.keyWaitingTime)
    violations.require(
      waiting != nil, "settings.key_waiting_time", "is no valid duration")
    violations.require(access != nil, "settings.longest_access", "is no valid duration")
    let breakGlass = BreakGlassSettings(message.breakGlass, &violations)
    // A good value stands in for what cannot be read, so that the rest is judged all the same.
    guard let standIn = TenantID("unknown") else { preconditionFailure("a name by the rule") }
    self.init(
      tenant: tenant ?? standIn, displayName: message.displayName,
      lockboxEnabled: message.lockboxEnabled,
      requestLifetime: lifetime ?? Limits.defaultRequestLifetime,
      longestAccess: access ?? Limits.defaultAccess, approvers: Approvers(message.approvers),
      contacts: message.contacts, requiresSignedDecisions: message.requireSignedDecisions,
      keyWaitingTime: waiting ?? Limits.defaultKeyWaitingTime, breakGlass: breakGlass)
    if let rules { violations.tenant(self, rules: rules) }
    guard tenant != nil, lifetime != nil, access != nil, waiting != nil,
      (breakGlass != nil) == (message.breakGlass != nil)
    else { return nil }
  }
}

extension WorkloadPolicy {
  public var message: CommonV1.WorkloadPolicy {
    CommonV1.WorkloadPolicy(
      workload: workload.text,
      stages: stages.map {
        CommonV1.ProviderStage(
          name: $0.name, approvers: $0.approvers.message, lifetime: .init($0.lifetime))
      }, breakGlass: breakGlass?.message)
  }

  /// Reads a policy, and judges its values too where there are rules. Whatever is wrong is added to
  /// the violations, all of it at once; nil only with a violation added.
  public init?(
    _ message: CommonV1.WorkloadPolicy, _ violations: inout Violations, rules: LifetimeRules? = nil
  ) {
    let workload = violations.unwrap(
      Workload(message.workload), "policy.workload",
      "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    var isReadable = workload != nil
    let stages = message.stages.enumerated().map { index, stage in
      let lifetime =
        stage.lifetime == nil ? Limits.defaultRequestLifetime : Duration(stage.lifetime)
      if lifetime == nil {
        violations.add("policy.stages[\(index)].lifetime", "is no valid duration")
        isReadable = false
      }
      return ProviderStage(
        name: stage.name, approvers: Approvers(stage.approvers),
        lifetime: lifetime ?? Limits.defaultRequestLifetime)
    }
    let breakGlass = BreakGlassPolicy(message.breakGlass, &violations)
    if message.breakGlass != nil, breakGlass == nil { isReadable = false }
    // A good value stands in for what cannot be read, so that the rest is judged all the same.
    guard let standIn = Workload("unknown") else { preconditionFailure("a name by the rule") }
    self.init(workload: workload ?? standIn, stages: stages, breakGlass: breakGlass)
    if let rules { violations.policy(self, rules: rules) }
    guard isReadable else { return nil }
  }
}
