public import Domain
internal import Files
internal import Words

/// The issuers that `lockboxctl dev init` made, for a program that lets people sign in at them.
public struct DevelopmentIssuers: Sendable {
  /// Somebody who can sign in.
  public struct Person: Sendable, Hashable {
    /// As `--as` takes it.
    public let name: String
    public let displayName: String
    public let email: String
    public let roles: [String]
    public let groups: [String]
  }

  private let directory: DevelopmentDirectory

  /// - Throws: what says in one sentence that `dev init` was not here.
  public init(directory: String) throws {
    self.directory = DevelopmentDirectory(root: directory)
    guard DevelopmentDirectory.exists(self.directory.people) else {
      throw Failure.configuration(
        "\(directory) is not set up yet: run lockboxctl dev init first.")
    }
  }

  /// `iss`.
  public static func url(of issuer: String) -> String { DevelopmentIssuer(name: issuer).url }

  /// The public keys of an issuer (RFC 7517); nil where there is no such issuer.
  public func keySet(of issuer: String) throws -> String? {
    guard TenantID(issuer) != nil else { return nil }
    let path = directory.keySet(of: DevelopmentIssuer(name: issuer))
    guard DevelopmentDirectory.exists(path) else { return nil }
    return try File.readText(path)
  }

  /// Whom an issuer vouches for, as `people.yaml` says now.
  public func people(of issuer: String) throws -> [Person] {
    try known(issuer).map { person in
      Person(
        name: person.name, displayName: person.displayName, email: person.email,
        roles: person.roles, groups: person.groups)
    }
  }

  /// What to show the services, like `lockboxctl dev token`; nil: the issuer has no such person.
  public func accessToken(
    of name: String, at issuer: String, now: Timestamp, lifetime: Duration
  ) throws -> String? {
    guard let person = try known(issuer).first(where: { $0.name == name }) else { return nil }
    return try DevelopmentToken.sign(
      person, for: DevelopmentDirectory.audience, in: directory, now: now, lifetime: lifetime)
  }

  /// What tells a client who signed in (OpenID Connect Core §2); nil: the issuer has no such person.
  public func identityToken(
    of name: String, at issuer: String, for client: String, nonce: String?,
    signedIn: Timestamp, now: Timestamp, lifetime: Duration
  ) throws -> String? {
    guard let person = try known(issuer).first(where: { $0.name == name }) else { return nil }
    var claims = [(name: "auth_time", value: "\(signedIn.seconds)")]
    if let nonce { claims.append(("nonce", JSONText.string(nonce))) }
    return try DevelopmentToken.sign(
      person, for: client, in: directory, now: now, lifetime: lifetime, adding: claims)
  }

  private func known(_ issuer: String) throws(Failure) -> [DevelopmentPerson] {
    try PeopleFile.read(directory.people).filter { $0.issuer.name == issuer }
  }
}
