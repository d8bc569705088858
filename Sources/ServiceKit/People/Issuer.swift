public import Domain

/// An identity provider and whom it speaks for.
public struct Issuer: Hashable, Sendable {
  /// `iss`, byte for byte.
  public let url: String
  /// What `aud` must hold.
  public let audience: String
  public let keys: KeySource
  public let affiliation: Affiliation
  /// Who vouches for the issuer's server: a PEM file.
  public var authorities = Self.systemAuthorities
  /// How long fetched keys are taken without having been seen again.
  public var longestKeyAge = Self.usualKeyAge
  /// A token may leave out `kid` while the issuer has one key (OpenID Connect Core 1.0 §10.1).
  public var allowsMissingKeyID = false
  /// The claim that lists roles: a claim's name, or a path through objects (`realm_access.roles`).
  public var rolesClaim = "roles"
  /// The claim that lists groups.
  public var groupsClaim = "groups"
  /// What of the roles claim stands for which role; nil: the roles' own names.
  public var roleMapping: [String: Set<RoleWord>]?
  /// What goes before its people's ids and groups where policies name them: a side's second issuer
  /// must not be able to say the first one's names. Empty for the first.
  public var prefix = ""
  /// The prefixes of the side's other issuers: none of its own ids or groups may begin so.
  public var foreignPrefixes: Set<String> = []
  /// Its keys lie open on a developer's machine.
  public var isDevelopment = false

  public init(url: String, audience: String, keys: KeySource, affiliation: Affiliation) {
    self.url = url
    self.audience = audience
    self.keys = keys
    self.affiliation = affiliation
  }

  /// Key ids that begin so are development keys, whatever the issuer's entry says.
  public static let developmentKeyPrefix = "dev-"
  public static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"
  public static let usualKeyAge = Duration.hours(24)
}

/// What the roles claim can say: a role, or that no human holds the token.
public enum RoleWord: Hashable, Sendable {
  case role(Role)
  /// A service token: it may call what its `scope` names, and never decide.
  case automation

  public init?(rawValue: String) {
    if rawValue == "automation" {
      self = .automation
    } else if let role = Role(rawValue: rawValue) {
      self = .role(role)
    } else {
      return nil
    }
  }
}

extension Issuer {
  /// The roles that values of the roles claim stand for; what it says beyond its side is not heard.
  func roles(_ values: [String]) -> Set<RoleWord> {
    let words =
      if let roleMapping {
        Set(values.flatMap { roleMapping[$0] ?? [] })
      } else {
        Set(values.compactMap { RoleWord(rawValue: $0) })
      }
    return words.filter { word in
      switch word {
      case .role(let role): role.isProviders == (affiliation == .provider)
      case .automation: true
      }
    }
  }

  /// A person's or a group's name as policies write it; nil: it would be taken for another
  /// issuer's.
  func policyName(_ name: String) -> String? {
    foreignPrefixes.contains(where: { name.utf8.starts(with: $0.utf8) }) ? nil : prefix + name
  }
}
