/// Who may approve at a stage, and how many must: whoever is one of the people, or in one of the
/// groups or roles, if all of the claims hold. Nobody is named: nobody may.
public struct Approvers: Hashable, Sendable {
  /// People of the stage's side, by `Person.name`.
  public let people: Set<String>
  /// Groups, as the `groups` claim names them.
  public let groups: Set<String>
  /// Roles of the stage's side.
  public let roles: Set<String>
  /// All must hold. Alone they name everybody they hold for.
  public let claims: [ClaimCondition]
  /// How many distinct people must approve. 0 in an escalation: the stage's holds.
  public let quorum: Int

  public init(
    people: Set<String>, groups: Set<String>, roles: Set<String> = [],
    claims: [ClaimCondition] = [], quorum: Int
  ) {
    self.people = people
    self.groups = groups
    self.roles = roles
    self.claims = claims
    self.quorum = quorum
  }

  func include(_ person: Person) -> Bool {
    let isNamed =
      people.holds(person.name) || groups.sharesAny(with: person.groups)
      || roles.sharesAny(with: person.roles)
    return (isNamed || areClaimsAlone) && claims.allSatisfy { $0.holds(for: person) }
  }

  /// Whether anybody at all is named.
  var isNamed: Bool {
    !people.isEmpty || !groups.isEmpty || !roles.isEmpty || !claims.isEmpty
  }

  /// Everybody who could be eligible, by name; nil where only people's own tokens can tell.
  var knownPeople: Set<String>? {
    groups.isEmpty && roles.isEmpty && !areClaimsAlone ? people : nil
  }

  private var areClaimsAlone: Bool {
    people.isEmpty && groups.isEmpty && roles.isEmpty && !claims.isEmpty
  }
}

/// Holds for people whose token has the claim with one of the values.
public struct ClaimCondition: Hashable, Sendable {
  public let claim: String
  public let anyOf: Set<String>

  public init(claim: String, anyOf: Set<String>) {
    self.claim = claim
    self.anyOf = anyOf
  }

  func holds(for person: Person) -> Bool {
    guard let index = person.claims.index(forKey: claim),
      person.claims[index].key.isSame(as: claim)
    else { return false }
    let values = person.claims[index].value
    return anyOf.sharesAny(with: values)
  }
}

/// From some time after a stage's opening on, more people may decide.
public struct Escalation: Hashable, Sendable {
  /// From the opening of the stage.
  public let after: Duration
  /// They may decide too; the stage's quorum holds.
  public let approvers: Approvers

  public init(after: Duration, approvers: Approvers) {
    self.after = after
    self.approvers = approvers
  }
}
