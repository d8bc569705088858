public import Domain

/// Who calls, as proved for this call.
public enum Principal: Hashable, Sendable {
  case person(VerifiedPerson)
  case service(ServiceName, Subject)

  public var subject: Subject {
    switch self {
    case .person(let person): person.subject
    case .service(_, let subject): subject
    }
  }

  /// The person, where it is one.
  public var person: VerifiedPerson? {
    switch self {
    case .person(let person): person
    case .service: nil
    }
  }
}

/// A person whose bearer token was verified.
public struct VerifiedPerson: Hashable, Sendable {
  public let subject: Subject
  /// How policies name the person: the subject's id, with a prefix where a side has several issuers.
  public let name: String
  /// Whose issuer vouches: only the issuer decides it, never a claim.
  public let affiliation: Affiliation
  public let roles: Set<Role>
  public let groups: Set<String>
  /// Of a service token: the methods that it may call (`package.Service/Method`), of those that
  /// automation may call at all. Nil: a human holds the token.
  public let scope: Set<String>?
  /// The texts of each claim that policies may look at (`TokenClaims.texts`).
  public let claims: [String: Set<String>]
  /// When the token ends.
  public let expiry: Timestamp

  public init(
    subject: Subject, name: String? = nil, affiliation: Affiliation, roles: Set<Role>,
    groups: Set<String>, claims: [String: Set<String>] = [:], scope: Set<String>? = nil,
    expiry: Timestamp
  ) {
    self.subject = subject
    self.name = name ?? subject.id
    self.affiliation = affiliation
    self.roles = roles
    self.groups = groups
    self.scope = scope
    self.claims = claims
    self.expiry = expiry
  }

  /// The person as the state machine knows people.
  public var decider: Person {
    Person(
      subject: subject, name: name, affiliation: affiliation, groups: groups,
      roles: Set(roles.map(\.rawValue)), claims: claims)
  }

  /// The tenant whose person it is; `nil` for the provider's people.
  public var tenant: TenantID? {
    switch affiliation {
    case .provider: nil
    case .tenant(let tenant): tenant
    }
  }

  /// The person's mail address, if the issuer says that it has verified it (OpenID Connect Core
  /// §5.1) and it may stand in a header. For telling the person, never for knowing who it is.
  public var verifiedMail: String? {
    guard claims["email_verified"] == ["true"], let mails = claims["email"], mails.count == 1,
      let mail = mails.first, MailAddressRule.allows(mail)
    else { return nil }
    return mail
  }

  public func has(_ role: Role) -> Bool { roles.contains(role) }

  /// Whether the person may know anything of a tenant at all: the provider's people of every
  /// tenant, a tenant's people of their own only.
  public func maySee(_ tenant: TenantID) -> Bool {
    switch affiliation {
    case .provider: true
    case .tenant(let own): own == tenant
    }
  }
}
