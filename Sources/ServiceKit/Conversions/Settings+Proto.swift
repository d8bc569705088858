public import Domain
public import LockboxProto

extension TenantSettings {
  public var message: CommonV1.TenantSettings {
    CommonV1.TenantSettings(
      tenantID: tenant.text, displayName: displayName, lockboxEnabled: lockboxEnabled,
      requestLifetime: .init(requestLifetime), longestAccess: .init(longestAccess),
      approvers: approvers.message, contacts: contacts,
      requireSignedDecisions: requiresSignedDecisions, keyWaitingTime: .init(keyWaitingTime),
      enrolledWorkloads: enrolledWorkloads.sorted().map(\.text),
      workloadApprovers: workloadApprovers.sorted { $0.key < $1.key }.map {
        CommonV1.WorkloadApprovers(workload: $0.key.text, approvers: $0.value.message)
      }, auditRetention: auditRetention.map { .init($0) }, breakGlass: breakGlass?.message,
      requiredCosignatures: requiredCosignatures?.message, notifications: notifications?.message)
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
    let retention = message.auditRetention.flatMap { Duration($0) }
    let isRetentionReadable = (retention != nil) == (message.auditRetention != nil)
    violations.require(isRetentionReadable, "settings.audit_retention", "is no valid duration")
    let breakGlass = BreakGlassSettings(message.breakGlass, &violations)
    let notifications = NotificationSettings(message.notifications, &violations)
    let before = violations.found.count
    let enrolled = message.enrolledWorkloads.enumerated().compactMap { index, name in
      violations.workload(name, "settings.enrolled_workloads[\(index)]")
    }
    let special = violations.workloadApprovers(message.workloadApprovers)
    let areWorkloadsReadable = violations.found.count == before
    // A good value stands in for what cannot be read, so that the rest is judged all the same.
    guard let standIn = TenantID("unknown") else { preconditionFailure("a name by the rule") }
    self.init(
      tenant: tenant ?? standIn, displayName: message.displayName,
      lockboxEnabled: message.lockboxEnabled, enrolledWorkloads: Set(enrolled),
      requestLifetime: lifetime ?? Limits.defaultRequestLifetime,
      longestAccess: access ?? Limits.defaultAccess, approvers: Approvers(message.approvers),
      workloadApprovers: special, contacts: message.contacts,
      requiresSignedDecisions: message.requireSignedDecisions,
      keyWaitingTime: waiting ?? Limits.defaultKeyWaitingTime, auditRetention: retention,
      breakGlass: breakGlass,
      requiredCosignatures: message.requiredCosignatures.map { RequiredCosignatures($0) },
      notifications: notifications)
    if let rules { violations.tenant(self, rules: rules) }
    guard tenant != nil, lifetime != nil, access != nil, waiting != nil, areWorkloadsReadable,
      isRetentionReadable,
      (breakGlass != nil) == (message.breakGlass != nil),
      (notifications != nil) == (message.notifications != nil)
    else { return nil }
  }
}

extension Violations {
  mutating func workload(_ name: String, _ field: String) -> Workload? {
    unwrap(
      Workload(name), field, "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
  }

  fileprivate mutating func workloadApprovers(
    _ messages: [CommonV1.WorkloadApprovers]
  ) -> [Workload: Approvers] {
    var approvers: [Workload: Approvers] = [:]
    for (index, message) in messages.enumerated() {
      let field = "settings.workload_approvers[\(index)].workload"
      guard let workload = workload(message.workload, field) else { continue }
      let former = approvers.updateValue(Approvers(message.approvers), forKey: workload)
      require(former == nil, field, "stands twice")
    }
    return approvers
  }
}
