extension Violations {
  public mutating func policy(_ policy: WorkloadPolicy, rules: LifetimeRules) {
    stages(policy.stages, "policy.stages", atLeast: Limits.providerStageCount.lowerBound, rules)
    count(policy.rules.count, "policy.rules", in: Limits.ruleCount)
    for (index, rule) in policy.rules.enumerated() {
      self.rule(rule, "policy.rules[\(index)]", rules)
    }
    require(
      Set(policy.rules.map(\.name)).count == policy.rules.count, "policy.rules",
      "names two rules alike")
    if let last = policy.rules.firstIndex(where: { $0.reasons.isEmpty && $0.severities.isEmpty }),
      last + 1 < policy.rules.count
    {
      add(
        "policy.rules[\(last + 1)]",
        "is never reached: `\(policy.rules[last].name)` before it is for every request")
    }
    if let breakGlass = policy.breakGlass { self.breakGlass(breakGlass, rules: rules) }
  }

  private mutating func rule(_ rule: PolicyRule, _ field: String, _ rules: LifetimeRules) {
    text(rule.name, "\(field).name", length: Limits.nameLength)
    stages(rule.stages, "\(field).stages", atLeast: 0, rules)
    require(
      !rule.stages.isEmpty || rule.isCustomerAlone, "\(field).stages",
      "is missing; if the customer alone is to decide, write customer_alone")
    require(
      rule.stages.isEmpty || !rule.isCustomerAlone, "\(field).customer_alone",
      "goes without stages only")
    if let longest = rule.longestAccess {
      duration(longest, "\(field).longest_access", in: rules.access)
    }
  }

  private mutating func stages(
    _ stages: [WorkloadPolicy.ProviderStage], _ field: String, atLeast least: Int,
    _ rules: LifetimeRules
  ) {
    count(stages.count, field, in: least...Limits.providerStageCount.upperBound)
    for (index, stage) in stages.enumerated() {
      let field = "\(field)[\(index)]"
      text(stage.name, "\(field).name", length: Limits.nameLength)
      approvers(stage.approvers, "\(field).approvers", side: .provider)
      duration(stage.lifetime, "\(field).lifetime", in: rules.requestLifetime)
      if let escalation = stage.escalation {
        self.escalation(
          escalation, "\(field).escalation", side: .provider, lifetime: stage.lifetime)
      }
    }
    require(Set(stages.map(\.name)).count == stages.count, field, "names two stages alike")
  }
}
