/// Whose people somebody belongs to: an issuer speaks for the provider or for one tenant.
public enum Affiliation: Hashable, Sendable {
  case provider
  case tenant(TenantID)
}

/// Somebody who decides, as verified at this call: never as a message claims.
public struct Person: Hashable, Sendable {
  public let subject: Subject
  /// How policies name the person: the subject's id, with a prefix where its side has several
  /// issuers.
  public let name: String
  public let affiliation: Affiliation
  public let groups: Set<String>
  public let roles: Set<String>
  /// The texts of each claim that a policy may look at.
  public let claims: [String: Set<String>]
  /// The other subjects that are known to be the same human. They count as one with this one
  /// wherever two must be distinct; they give no right.
  public var aliases: Set<Subject>

  public init(
    subject: Subject, name: String? = nil, affiliation: Affiliation, groups: Set<String> = [],
    roles: Set<String> = [], claims: [String: Set<String>] = [:], aliases: Set<Subject> = []
  ) {
    self.subject = subject
    self.name = name ?? subject.id
    self.affiliation = affiliation
    self.groups = groups
    self.aliases = aliases
    self.roles = roles
    self.claims = claims
  }

  /// Whether a subject is this human, under whichever of their names.
  public func isSame(as other: Subject) -> Bool { subject == other || aliases.contains(other) }
}
