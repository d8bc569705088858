internal import Domain
internal import Outbound
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Export

/// Who gets in over HTTPS, at the real listener.
@Suite("The activity API's door", .serialized)
struct ActivityServiceTests {
  private static let start = "lockbox.export.v1.ActivityFeed/StartSubscription"

  @Test("the tenant's auditors and admins get in, and automation whose scope says so")
  func callers() async throws {
    let installation = try await TestInstallation()
    let export = try await RunningService(
      .export, in: installation, section: ExportSettings.self,
      more: "https_listener: {address: \"127.0.0.1:0\"}", assemble: ExportService.assemble)
    let address = try #require(export.addresses.https)
    let client = try OutboundClient(
      authorities: installation.pki.authorities, addressGuard: .everything)
    let contoso = installation.contoso
    let now = installation.clock.now()

    func status(_ token: String?, _ tenant: String = "contoso") async throws -> Int {
      let url = try #require(
        HTTPSURL(
          "https://127.0.0.1:\(address.port)/api/v1.0/\(tenant)/activity/feed/subscriptions/start"
            + "?contentType=Audit.General"))
      let headers = token.map { [("authorization", "Bearer \($0)")] } ?? []
      return try await client.post([], to: url, headers: headers)
    }
    func person(_ role: Role, _ id: String = "somebody") -> String {
      contoso.token(subject: id, roles: [role.rawValue], at: now)
    }
    func automation(_ scope: String?) -> String {
      var claims = contoso.claims(subject: "siem", roles: ["auditor", "automation"], at: now)
      claims["scope"] = scope.map { .string($0) }
      return contoso.token(claims: .object(claims))
    }

    #expect(try await status(nil) == 401)
    #expect(try await status("a.b.c") == 401)
    #expect(try await status(person(.approver)) == 403)
    for role in [Role.engineer, .manager, .operator] {
      let token = installation.provider.token(subject: "x", roles: [role.rawValue], at: now)
      #expect(try await status(token) == 403)
    }
    #expect(try await status(automation(nil)) == 403)
    #expect(try await status(automation("lockbox.audit.v1.AuditService/ListEntries")) == 403)
    #expect(try await status(automation(Self.start)) == 200)
    #expect(try await status(person(.auditor)) == 200)
    #expect(try await status(person(.admin, "adam")) == 200)
    // Another tenant's, and one that does not exist.
    #expect(try await status(person(.auditor), "fabrikam") == 400)
    #expect(try await status(person(.auditor), "nobody") == 400)
    try await export.stop()
  }
}
