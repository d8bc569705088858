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
    count(settings.contacts.count, "settings.contacts", in: Limits.contactCount)
    for (index, contact) in settings.contacts.enumerated() {
      text(contact, "settings.contacts[\(index)]", length: 3...254)
      require(contact.contains("@"), "settings.contacts[\(index)]", "is no mail address")
    }
    // Off, the approvers may be named already; on, somebody must be able to approve.
    let isNamed = !settings.approvers.people.isEmpty || !settings.approvers.groups.isEmpty
    if settings.lockboxEnabled || isNamed {
      approvers(settings.approvers, "settings.approvers")
    }
    if let breakGlass = settings.breakGlass {
      self.breakGlass(breakGlass, contacts: settings.contacts, rules: rules)
    }
  }

  public mutating func policy(_ policy: WorkloadPolicy, rules: LifetimeRules) {
    count(policy.stages.count, "policy.stages", in: Limits.providerStageCount)
    for (index, stage) in policy.stages.enumerated() {
      let field = "policy.stages[\(index)]"
      text(stage.name, "\(field).name", length: Limits.nameLength)
      approvers(stage.approvers, "\(field).approvers")
      duration(stage.lifetime, "\(field).lifetime", in: rules.requestLifetime)
    }
    require(
      Set(policy.stages.map(\.name)).count == policy.stages.count, "policy.stages",
      "names two stages alike")
    if let breakGlass = policy.breakGlass { self.breakGlass(breakGlass, rules: rules) }
  }

  /// Somebody must be able to reach the quorum.
  mutating func approvers(_ approvers: Approvers, _ field: String) {
    count(approvers.people.count, "\(field).people", in: Limits.approverCount)
    count(approvers.groups.count, "\(field).groups", in: Limits.approverCount)
    for person in approvers.people.sorted() {
      text(person, "\(field).people", length: Limits.subjectLength)
    }
    for group in approvers.groups.sorted() {
      text(group, "\(field).groups", length: Limits.subjectLength)
    }
    require(
      Limits.quorum.contains(approvers.quorum), "\(field).quorum",
      "must be between \(Limits.quorum.lowerBound) and \(Limits.quorum.upperBound)")
    require(
      !approvers.groups.isEmpty || approvers.people.count >= approvers.quorum, field,
      "nobody could reach the quorum: \(approvers.people.count) people, "
        + "quorum \(approvers.quorum); name more people or a group")
  }
}
