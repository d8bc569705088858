extension Violations {
  /// Who may approve on one side: somebody must be able to reach the quorum.
  mutating func approvers(_ approvers: Approvers, _ field: String, side: Side) {
    named(by: approvers, field, side: side)
    require(
      Limits.quorum.contains(approvers.quorum), "\(field).quorum",
      "must be between \(Limits.quorum.lowerBound) and \(Limits.quorum.upperBound)")
    if let people = approvers.knownPeople {
      require(
        people.count >= approvers.quorum, field,
        "nobody could reach the quorum: \(people.count) people, "
          + "quorum \(approvers.quorum); name more people or a group")
    }
  }

  /// Who may decide too, from some time on.
  mutating func escalation(
    _ escalation: Escalation, _ field: String, side: Side, lifetime: Duration
  ) {
    require(
      escalation.after > .zero && escalation.after < lifetime, "\(field).after",
      "must be longer than 0 and shorter than the stage's lifetime")
    named(by: escalation.approvers, "\(field).approvers", side: side)
    require(escalation.approvers.isNamed, "\(field).approvers", "names nobody")
    require(
      escalation.approvers.quorum == 0, "\(field).approvers.quorum",
      "must be left out: the stage's quorum holds")
  }

  private mutating func named(by approvers: Approvers, _ field: String, side: Side) {
    count(approvers.people.count, "\(field).people", in: Limits.approverCount)
    count(approvers.groups.count, "\(field).groups", in: Limits.approverCount)
    for person in approvers.people.sorted() {
      text(person, "\(field).people", length: Limits.subjectLength)
    }
    for group in approvers.groups.sorted() {
      text(group, "\(field).groups", length: Limits.subjectLength)
    }
    for role in approvers.roles.sorted() where !side.roles.holds(role) {
      add("\(field).roles", "must be of \(side.roles.sorted().joined(separator: ", "))")
    }
    count(approvers.claims.count, "\(field).claims", in: Limits.claimCount)
    for (index, condition) in approvers.claims.enumerated() {
      let field = "\(field).claims[\(index)]"
      text(condition.claim, "\(field).claim", length: Limits.subjectLength)
      count(condition.anyOf.count, "\(field).any_of", in: Limits.claimValueCount)
      for value in condition.anyOf.sorted() {
        text(value, "\(field).any_of", length: Limits.subjectLength)
      }
    }
  }
}
