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
      approvers: approvers.message, contacts: contacts)
  }

  /// Reads what must be of the right form; `Violations.tenant` then judges the values. Nil only
  /// with a violation added.
  public init?(_ message: CommonV1.TenantSettings, _ violations: inout Violations) {
    let tenant = violations.unwrap(
      TenantID(message.tenantID), "settings.tenant_id",
      "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    let lifetime =
      message.requestLifetime == nil
      ? Limits.defaultRequestLifetime : Duration(message.requestLifetime)
    let access =
      message.longestAccess == nil ? Limits.defaultAccess : Duration(message.longestAccess)
    guard
      let lifetime = violations.unwrap(
        lifetime, "settings.request_lifetime", "is no valid duration"),
      let access = violations.unwrap(access, "settings.longest_access", "is no valid duration"),
      let tenant
    else { return nil }
    self.init(
      tenant: tenant, displayName: message.displayName, lockboxEnabled: message.lockboxEnabled,
      requestLifetime: lifetime, longestAccess: access, approvers: Approvers(message.approvers),
      contacts: message.contacts)
  }
}

extension WorkloadPolicy {
  public var message: CommonV1.WorkloadPolicy {
    CommonV1.WorkloadPolicy(
      workload: workload.text,
      stages: stages.map {
        CommonV1.ProviderStage(
          name: $0.name, approvers: $0.approvers.message, lifetime: .init($0.lifetime))
      })
  }

  /// Reads what must be of the right form; `Violations.policy` then judges the values. Nil only
  /// with a violation added.
  public init?(_ message: CommonV1.WorkloadPolicy, _ violations: inout Violations) {
    let workload = violations.unwrap(
      Workload(message.workload), "policy.workload",
      "must be 1 to 63 of a–z, 0–9 and -, beginning with a letter")
    var stages: [ProviderStage] = []
    for (index, stage) in message.stages.enumerated() {
      let lifetime =
        stage.lifetime == nil ? Limits.defaultRequestLifetime : Duration(stage.lifetime)
      guard
        let lifetime = violations.unwrap(
          lifetime, "policy.stages[\(index)].lifetime", "is no valid duration")
      else { continue }
      stages.append(
        ProviderStage(
          name: stage.name, approvers: Approvers(stage.approvers), lifetime: lifetime))
    }
    guard let workload, stages.count == message.stages.count else { return nil }
    self.init(workload: workload, stages: stages)
  }
}
