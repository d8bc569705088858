internal import Domain
internal import Logging
internal import ServiceKit
internal import StrictJSON
internal import TestKit

/// The provider's issuer and two tenants' issuers, with one authenticator over all of them.
struct PeopleFixture {
  let directory = TemporaryDirectory()
  let clock = FakeClock()
  let log = LogCapture()
  let provider: TestIssuer
  let contoso: TestIssuer
  let fabrikam: TestIssuer
  let directoryOfIssuers: IssuerDirectory
  let authenticator: Authenticator

  init(environment: Environment = .development) async throws {
    provider = try await TestIssuer(url: "https://login.provider.example")
    contoso = try await TestIssuer(url: "https://login.contoso.example")
    fabrikam = try await TestIssuer(url: "https://login.fabrikam.example")
    var issuers: [Issuer] = []
    for (issuer, tenant) in [(provider, nil), (contoso, "contoso"), (fabrikam, "fabrikam")] {
      let file = directory.write("\(tenant ?? "provider").jwks", issuer.jwks)
      issuers.append(
        Issuer(
          url: issuer.url, audience: issuer.audience, keys: .file(file),
          affiliation: tenant.flatMap { TenantID($0) }.map { .tenant($0) } ?? .provider))
    }
    directoryOfIssuers = try await IssuerDirectory(
      issuers, environment: environment, clock: clock, logger: log.logger())
    authenticator = Authenticator(issuers: directoryOfIssuers, clock: clock)
  }

  func authenticate(_ token: String) throws(TokenRefusal) -> VerifiedPerson {
    try authenticator.authenticate(authorization: "Bearer \(token)")
  }

  /// Claims of the provider's engineer, as of now.
  func claims(_ changes: [String: Json?] = [:]) -> Json {
    var claims = provider.claims(subject: "alice", roles: ["engineer"], at: clock.now())
    for (name, value) in changes { claims[name] = value }
    return .object(claims)
  }
}
