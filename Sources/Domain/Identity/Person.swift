/// Whose people somebody belongs to: an issuer speaks for the provider or for one tenant.
public enum Affiliation: Hashable, Sendable {
  case provider
  case tenant(TenantID)
}

/// Somebody who decides, as verified at this call: never as a message claims.
public struct Person: Hashable, Sendable {
  public let subject: Subject
  public let affiliation: Affiliation
  public let groups: Set<String>

  public init(subject: Subject, affiliation: Affiliation, groups: Set<String> = []) {
    self.subject = subject
    self.affiliation = affiliation
    self.groups = groups
  }
}
