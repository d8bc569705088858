public import Domain

/// An identity provider and whom it speaks for.
public struct Issuer: Hashable, Sendable {
  /// `iss`, byte for byte.
  public let url: String
  /// What `aud` must hold.
  public let audience: String
  /// The JWKS file (RFC 7517).
  public let keys: String
  public let affiliation: Affiliation
  /// The claim that lists roles: a claim's name, or a path through objects (`realm_access.roles`).
  public let rolesClaim: String
  /// The claim that lists groups.
  public let groupsClaim: String
  /// Its keys lie open on a developer's machine.
  public let isDevelopment: Bool

  public init(
    url: String, audience: String, keys: String, affiliation: Affiliation,
    rolesClaim: String = "roles", groupsClaim: String = "groups", isDevelopment: Bool = false
  ) {
    self.url = url
    self.audience = audience
    self.keys = keys
    self.affiliation = affiliation
    self.rolesClaim = rolesClaim
    self.groupsClaim = groupsClaim
    self.isDevelopment = isDevelopment
  }

  /// Key ids that begin so are development keys, whatever the issuer's entry says.
  public static let developmentKeyPrefix = "dev-"
}
