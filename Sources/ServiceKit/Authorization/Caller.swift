public import Domain
public import RPC

/// Who calls, in which roles, and what of the tenants' data is theirs to touch.
public struct Caller: Sendable, Hashable {
  public let principal: Principal
  /// The roles that let the caller in here: those that the method's row names. Empty for services.
  public let roles: Set<Role>
  public let tenants: TenantRule

  public init(principal: Principal, roles: Set<Role>, tenants: TenantRule) {
    self.principal = principal
    self.roles = roles
    self.tenants = tenants
  }

  public var subject: Subject { principal.subject }

  /// The person who calls.
  ///
  /// - Throws: Where it is a service: the table does not let one in where handlers ask.
  public func person() throws(RPCError) -> VerifiedPerson {
    guard let person = principal.person else { throw .denied }
    return person
  }

  /// The one role to name in an event, most powerful first.
  public var actingRole: Role? {
    let order: [Role] = [.operator, .manager, .engineer, .admin, .approver, .auditor]
    return order.first(where: roles.contains)
  }

  /// The one tenant that the caller is bound to; `nil`: bound to none.
  public var boundTenant: TenantID? { principal.person?.tenant }

  /// Whether only the caller's own requests and grants are visible to it.
  public var isBoundToOwnRequests: Bool {
    tenants == .requester && roles == [.engineer]
  }

  /// Whether a tenant's data, asked for by this engineer, is visible to the caller.
  public func maySee(_ tenant: TenantID, requestedBy engineer: Subject? = nil) -> Bool {
    switch (tenants, principal) {
    case (.none, _), (_, .service): false
    case (.affiliation, .person(let person)): person.maySee(tenant)
    case (.requester, .person(let person)):
      person.maySee(tenant) && (!isBoundToOwnRequests || engineer == person.subject)
    case (.log, .person(let person)): person.tenant == tenant
    }
  }

  /// Whether the log of a tenant (`nil`: the provider's own) is visible to the caller.
  public func mayReadLog(of tenant: TenantID?) -> Bool {
    guard tenants == .log, let person = principal.person else { return false }
    return person.tenant == tenant
  }
}

/// Hands the caller on from the authorizer to the handler.
public enum CallerKey: ContextKey {
  public typealias Value = Caller
}

extension ServerContext {
  /// Who calls, as the authorizer let it in.
  ///
  /// - Throws: In methods that are open to anybody, where nobody is known.
  public func caller() throws(RPCError) -> Caller {
    guard let caller = self[CallerKey.self] else { throw .unauthenticated }
    return caller
  }
}
