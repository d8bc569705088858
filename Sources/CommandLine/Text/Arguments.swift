public import ArgumentParser
public import Domain
internal import LockboxProto

// What the command line takes, in the words that people write.

extension ID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Name: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Timestamp: ExpressibleByArgument {
  public init?(argument: String) { self.init(rfc3339: argument) }
}

/// A state as `--state` takes it.
enum StateArgument: String, CaseIterable, ExpressibleByArgument {
  case received
  case awaitingProvider = "awaiting-provider"
  case awaitingCustomer = "awaiting-customer"
  case approved, denied, expired, withdrawn, revoked, ended

  var state: CommonV1.AccessRequestState {
    switch self {
    case .received: .received
    case .awaitingProvider: .awaitingProvider
    case .awaitingCustomer: .awaitingCustomer
    case .approved: .approved
    case .denied: .denied
    case .expired: .expired
    case .withdrawn: .withdrawn
    case .revoked: .revoked
    case .ended: .ended
    }
  }
}

/// A reason as `--reason` takes it.
enum ReasonArgument: String, CaseIterable, ExpressibleByArgument {
  case customerInitiatedSupport = "customer-initiated-support"
  case providerInitiatedService = "provider-initiated-service"
  case securityReview = "security-review"
  case thirdPartyDemand = "third-party-demand"
  case productionAlert = "production-alert"

  var code: CommonV1.ReasonCode {
    switch self {
    case .customerInitiatedSupport: .customerInitiatedSupport
    case .providerInitiatedService: .providerInitiatedService
    case .securityReview: .securityReview
    case .thirdPartyDemand: .thirdPartyDemand
    case .productionAlert: .productionAlert
    }
  }
}

/// A severity as `--severity` takes it.
enum SeverityArgument: String, CaseIterable, ExpressibleByArgument {
  case low, medium, high, critical

  var severity: CommonV1.Severity {
    switch self {
    case .low: .low
    case .medium: .medium
    case .high: .high
    case .critical: .critical
    }
  }
}

/// An action as `--action` takes it.
enum ActionArgument: String, CaseIterable, ExpressibleByArgument {
  case read, write, delete, export, execute

  var action: CommonV1.Action {
    switch self {
    case .read: .read
    case .write: .write
    case .delete: .delete
    case .export: .export
    case .execute: .execute
    }
  }
}
