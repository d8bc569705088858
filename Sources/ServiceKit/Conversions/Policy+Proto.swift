public import Domain
public import LockboxProto

extension WorkloadPolicy {
  public var message: CommonV1.WorkloadPolicy {
    CommonV1.WorkloadPolicy(
      workload: workload.text, stages: stages.map(\.message), ticketRequired: requiresTicket,
      rules: rules.map(\.message), breakGlass: breakGlass?.message)
  }

  /// Reads a policy, and judges its values too where there are rules. Whatever is wrong is added to
  /// the violations, all of it at once; nil only with a violation added.
  public init?(
    _ message: CommonV1.WorkloadPolicy, _ violations: inout Violations, rules: LifetimeRules? = nil
  ) {
    let before = violations.found.count
    let workload = violations.workload(message.workload, "policy.workload")
    let stages = violations.stages(message.stages, "policy.stages")
    let policyRules = message.rules.enumerated().map { index, rule in
      violations.rule(rule, "policy.rules[\(index)]")
    }
    let breakGlass = BreakGlassPolicy(message.breakGlass, &violations)
    let isReadable = violations.found.count == before
    // A good value stands in for what cannot be read, so that the rest is judged all the same.
    guard let standIn = Workload("unknown") else { preconditionFailure("a name by the rule") }
    self.init(
      workload: workload ?? standIn, stages: stages, requiresTicket: message.ticketRequired,
      rules: policyRules, breakGlass: breakGlass)
    if let rules { violations.policy(self, rules: rules) }
    guard isReadable else { return nil }
  }
}

extension WorkloadPolicy.ProviderStage {
  fileprivate var message: CommonV1.ProviderStage {
    CommonV1.ProviderStage(
      name: name, approvers: approvers.message, lifetime: .init(lifetime),
      earlierApproversAllowed: allowsEarlierApprovers,
      escalation: escalation.map {
        .init(after: .init($0.after), approvers: $0.approvers.message)
      })
  }
}

extension PolicyRule {
  fileprivate var message: CommonV1.PolicyRule {
    CommonV1.PolicyRule(
      name: name,
      reasonCodes: reasons.map(\.rawValue).sorted().map { .init(rawValue: $0) },
      severities: severities.map(\.rawValue).sorted().map { .init(rawValue: $0) },
      ticketRequired: requiresTicket, stages: stages.map(\.message),
      customerAlone: isCustomerAlone, longestAccess: longestAccess.map { .init($0) })
  }
}

extension Violations {
  fileprivate mutating func stages(
    _ messages: [CommonV1.ProviderStage], _ field: String
  ) -> [WorkloadPolicy.ProviderStage] {
    messages.enumerated().map { index, message in
      let field = "\(field)[\(index)]"
      let lifetime =
        message.lifetime == nil
        ? Limits.defaultRequestLifetime
        : unwrap(Duration(message.lifetime), "\(field).lifetime", "is no valid duration")
      let escalation = message.escalation.map { escalation in
        Escalation(
          after: unwrap(
            Duration(escalation.after), "\(field).escalation.after",
            "is missing or no valid duration") ?? .seconds(1),
          approvers: Approvers(escalation.approvers))
      }
      return WorkloadPolicy.ProviderStage(
        name: message.name, approvers: Approvers(message.approvers),
        lifetime: lifetime ?? Limits.defaultRequestLifetime,
        allowsEarlierApprovers: message.earlierApproversAllowed, escalation: escalation)
    }
  }

  fileprivate mutating func rule(_ message: CommonV1.PolicyRule, _ field: String) -> PolicyRule {
    let reasons = message.reasonCodes.enumerated().compactMap { index, reason in
      unwrap(
        ReasonCode(rawValue: reason.rawValue), "\(field).reason_codes[\(index)]",
        "is missing or unknown")
    }
    let severities = message.severities.enumerated().compactMap { index, severity in
      unwrap(Severity(severity), "\(field).severities[\(index)]", "is missing or unknown")
    }
    var longestAccess: Duration?
    if message.longestAccess != nil {
      longestAccess = unwrap(
        Duration(message.longestAccess), "\(field).longest_access", "is no valid duration")
    }
    return PolicyRule(
      name: message.name, reasons: Set(reasons), severities: Set(severities),
      requiresTicket: message.ticketRequired, stages: stages(message.stages, "\(field).stages"),
      isCustomerAlone: message.customerAlone, longestAccess: longestAccess)
  }
}
