/// What a person may be, as the roles claim of their issuer says it.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// Asks for access.
  case engineer
  /// Approves at provider stages.
  case manager
  /// Runs the system: tenants, policies, health; never approves by it.
  case `operator`
  /// Approves for the customer.
  case approver
  /// Sets a tenant's settings.
  case admin
  /// Reads a tenant's log.
  case auditor

  /// Only the provider's issuer can say it; the others only a tenant's.
  public var isProviders: Bool {
    switch self {
    case .engineer, .manager, .operator: true
    case .approver, .admin, .auditor: false
    }
  }
}
