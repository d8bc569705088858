internal import Domain
internal import ServiceKit
internal import Testing

@Suite("What of the tenants' data is a caller's to touch")
struct CallerTests {
  static let contoso = TenantID("contoso")!
  static let fabrikam = TenantID("fabrikam")!
  static let alice = Subject(issuer: "https://p", id: "alice")

  func caller(
    _ affiliation: Affiliation, _ roles: Set<Role>, _ tenants: TenantRule
  ) -> Caller {
    Caller(
      principal: .person(
        VerifiedPerson(
          subject: Self.alice, affiliation: affiliation, roles: roles, groups: [],
          expiry: .distantFuture)), roles: roles, tenants: tenants)
  }

  @Test("a tenant's people see their own tenant under every rule", arguments: TenantRule.allCases)
  func own(_ rule: TenantRule) {
    let carol = caller(.tenant(Self.contoso), [.approver], rule)
    #expect(carol.maySee(Self.contoso) == (rule != .none))
    #expect(!carol.maySee(Self.fabrikam))
    #expect(carol.mayReadLog(of: Self.contoso) == (rule == .log))
    #expect(!carol.mayReadLog(of: Self.fabrikam))
    #expect(!carol.mayReadLog(of: nil))
  }

  @Test("a mere engineer sees what they asked for, a manager everything")
  func requester() {
    let engineer = caller(.provider, [.engineer], .requester)
    #expect(engineer.maySee(Self.contoso, requestedBy: Self.alice))
    #expect(!engineer.maySee(Self.contoso, requestedBy: Subject(issuer: "https://p", id: "bob")))
    #expect(!engineer.maySee(Self.contoso, requestedBy: Subject(issuer: "https://c", id: "alice")))
    #expect(!engineer.maySee(Self.contoso))
    let manager = caller(.provider, [.engineer, .manager], .requester)
    #expect(manager.maySee(Self.fabrikam, requestedBy: Subject(issuer: "https://p", id: "bob")))
    #expect(manager.actingRole == .manager)
  }

  @Test("an operator reads the provider's own log and no tenant's")
  func providerLog() {
    let operators = caller(.provider, [.operator], .log)
    #expect(operators.mayReadLog(of: nil))
    #expect(!operators.mayReadLog(of: Self.contoso))
    #expect(!operators.maySee(Self.contoso))
  }

  @Test("a service sees nothing by way of a tenant rule", arguments: TenantRule.allCases)
  func service(_ rule: TenantRule) {
    let caller = Caller(
      principal: .service(.audit, Subject(issuer: "d", id: "spiffe://d/lockbox/audit")),
      roles: [], tenants: rule)
    #expect(!caller.maySee(Self.contoso))
    #expect(!caller.mayReadLog(of: Self.contoso) && !caller.mayReadLog(of: nil))
  }
}
