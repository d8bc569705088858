internal import Domain

/// Which log: each tenant has one, and the provider has one for events of no tenant.
enum LogName: Hashable, Sendable {
  case provider
  case tenant(TenantID)

  /// From an event's or a request's tenant id: empty is the provider. Nil for what is no id.
  init?(tenantID: String) {
    if tenantID.isEmpty {
      self = .provider
    } else if let tenant = TenantID(tenantID) {
      self = .tenant(tenant)
    } else {
      return nil
    }
  }

  /// Empty for the provider.
  var tenantID: String {
    switch self {
    case .provider: ""
    case .tenant(let tenant): tenant.text
    }
  }
}

extension LogName: CustomStringConvertible {
  var description: String {
    switch self {
    case .provider: "the provider's log"
    case .tenant(let tenant): "the log of \(tenant)"
    }
  }
}
