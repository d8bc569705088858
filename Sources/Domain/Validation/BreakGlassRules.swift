/// What break-glass must be before a tenant or a policy can allow it.
extension Violations {
  mutating func breakGlass(
    _ settings: BreakGlassSettings, contacts: [String], rules: LifetimeRules
  ) {
    let field = "settings.break_glass"
    require(!settings.reasons.isEmpty, "\(field).reasons", "name none: leave break_glass out")
    duration(
      settings.longestAccess, "\(field).longest_access",
      in: rules.access.lowerBound...Limits.longestBreakGlassAccess)
    duration(
      settings.reviewLifetime, "\(field).review_lifetime",
      in: rules.requestLifetime.lowerBound...Limits.longestReviewLifetime)
    require(
      !contacts.isEmpty, "settings.contacts", "must name who is told when the glass is broken")
  }

  mutating func breakGlass(_ policy: BreakGlassPolicy, rules: LifetimeRules) {
    let field = "policy.break_glass"
    approvers(policy.approvers, "\(field).approvers", side: .provider)
    require(
      Limits.breakGlassQuorum.contains(policy.approvers.quorum), "\(field).approvers.quorum",
      "must be at least \(Limits.breakGlassQuorum.lowerBound): nobody breaks the glass alone")
    duration(
      policy.lifetime, "\(field).lifetime",
      in: rules.access.lowerBound...Limits.longestBreakGlassLifetime)
  }
}
