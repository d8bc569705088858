internal import DevPKI
internal import Domain
internal import RPC
internal import ServiceKit
internal import StrictJSON
internal import TestKit

/// Somebody at a door of a service: what they show, and who they truly are.
struct Visitor: Sendable, CustomStringConvertible {
  /// The certificate that they show.
  enum Certificate: Hashable, Sendable {
    case none
    case service(ServiceName)
    /// Of our authority, for a service that there is not.
    case unknownService
    case otherTrustDomain
    case withoutName
    case withTwoNames
    case otherAuthority
  }

  let description: String
  var certificate = Certificate.none
  var token: String?
  /// The role that the table may count, from a token that is good.
  var role: Role?
  /// Whether their token makes them somebody at all.
  var isPerson = false
  /// Whether no human holds their token.
  var isAutomation = false
  /// Whether the scope of their service token names every method there is.
  var hasScope = false
  /// The service that the table may count, from a certificate that is good.
  var service: ServiceName?

  var metadata: Metadata { token.map { ["authorization": "Bearer \($0)"] } ?? [:] }

  /// Every kind there is.
  static func all(_ files: DeploymentFiles) async throws -> [Visitor] {
    try await strangers(files) + people(files) + automation(files) + services(files)
  }

  /// Whose token proves nothing.
  private static func strangers(_ files: DeploymentFiles) async throws -> [Visitor] {
    let provider = files.cast.provider
    let acme = files.cast.customer("acme").admin.issuer
    let unknown = try await TestIssuer(url: "https://login.nowhere.test")
    let now = SystemClock().now()
    let everyRole = Role.allCases.map(\.rawValue)
    func bearer(_ name: String, _ token: String) -> Visitor {
      Visitor(description: name, token: token)
    }
    return [
      Visitor(description: "nobody"),
      bearer("a token that is none", "a.b.c"),
      bearer("an unknown issuer", unknown.token(subject: "x", roles: everyRole, at: now)),
      bearer(
        "another's key in the provider's name",
        provider.token(
          claims: .object(provider.claims(subject: "x", roles: everyRole, at: now)),
          key: acme.keys[0])),
      bearer(
        "a token that is over",
        provider.token(subject: "x", roles: everyRole, at: now - .hours(3))),
      bearer(
        "a token for another audience",
        TestIssuer(url: provider.url, audience: "payroll", keys: provider.keys)
          .token(subject: "x", roles: everyRole, at: now)),
    ]
  }

  private static func people(_ files: DeploymentFiles) -> [Visitor] {
    let provider = files.cast.provider
    let (acme, brief) = (
      files.cast.customer("acme").admin.issuer, files.cast.customer("brief").admin.issuer
    )
    let now = SystemClock().now()
    func person(
      _ name: String, of issuer: TestIssuer, claiming roles: [Role], truly role: Role? = nil
    ) -> Visitor {
      Visitor(
        description: name,
        token: issuer.token(subject: "x", roles: roles.map(\.rawValue), at: now),
        role: role, isPerson: true)
    }
    var people = [
      person("one of the provider without roles", of: provider, claiming: []),
      person("one of a tenant without roles", of: acme, claiming: []),
    ]
    for role in Role.allCases where role.isProviders {
      people += [
        person("\(role)", of: provider, claiming: [role], truly: role),
        person("\(role) by a tenant's word", of: acme, claiming: [role]),
      ]
    }
    for role in Role.allCases where !role.isProviders {
      people += [
        person("\(role)", of: acme, claiming: [role], truly: role),
        person("\(role) of another tenant", of: brief, claiming: [role], truly: role),
        person("\(role) by the provider's word", of: provider, claiming: [role]),
      ]
    }
    return people
  }

  /// Service tokens.
  private static func automation(_ files: DeploymentFiles) -> [Visitor] {
    let now = SystemClock().now()
    let methods = AuthorizationTable.rows.map { String($0.path.dropFirst()) }
    return Role.allCases.flatMap { role in
      [true, false].map { hasScope in
        let issuer =
          role.isProviders ? files.cast.provider : files.cast.customer("acme").admin.issuer
        var claims = issuer.claims(subject: "bot", roles: [role.rawValue, "automation"], at: now)
        if hasScope { claims["scope"] = .string(Set(methods).sorted().joined(separator: " ")) }
        return Visitor(
          description: "\(role)'s service token \(hasScope ? "for all" : "without a scope")",
          token: issuer.token(claims: .object(claims)), role: role, isPerson: true,
          isAutomation: true, hasScope: hasScope)
      }
    }
  }

  private static func services(_ files: DeploymentFiles) -> [Visitor] {
    let engineer = files.cast.provider.token(
      subject: "x", roles: [Role.engineer.rawValue], at: SystemClock().now())
    return (ServiceName.allCases + [.gate]).flatMap { service in
      [
        Visitor(description: "\(service)", certificate: .service(service), service: service),
        Visitor(
          description: "\(service) with an engineer's token", certificate: .service(service),
          token: engineer, role: .engineer, isPerson: true, service: service),
      ]
    } + [
      Visitor(description: "an unknown service", certificate: .unknownService),
      Visitor(description: "approvals of another trust domain", certificate: .otherTrustDomain),
      Visitor(description: "a certificate without a name", certificate: .withoutName),
      Visitor(description: "a certificate with two names", certificate: .withTwoNames),
      Visitor(description: "approvals by another authority", certificate: .otherAuthority),
    ]
  }
}

extension Visitor.Certificate {
  /// The files that show it; nil for none.
  func files(
    _ pki: TestPKI, in directory: TemporaryDirectory, stranger: TestPKI
  ) throws -> (certificate: String, key: String)? {
    let approvals = ServiceName.approvals.spiffeID(in: TestPKI.trustDomain)
    switch self {
    case .none: return nil
    case .service(let service):
      return pki.files("as-\(service)", uri: service.spiffeID(in: TestPKI.trustDomain))
    case .unknownService:
      return pki.files(
        "as-portal", uri: "spiffe://\(TestPKI.trustDomain)/lockbox/no-such-service")
    case .otherTrustDomain:
      return pki.files("as-other", uri: ServiceName.approvals.spiffeID(in: "evil.test"))
    case .withoutName: return pki.files("as-nameless", uri: nil)
    case .withTwoNames:
      let files = (directory.file("as-two.pem"), directory.file("as-two.key"))
      try pki.authority.issue(
        CertificateRequest(
          validity: TestPKI.validity,
          uriNames: [ServiceName.audit.spiffeID(in: TestPKI.trustDomain), approvals])
      ).write(chain: files.0, key: files.1)
      return files
    case .otherAuthority: return stranger.files("as-approvals", uri: approvals)
    }
  }
}
