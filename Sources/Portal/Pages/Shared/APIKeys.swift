internal import Domain
internal import LockboxProto

// Under which keys the languages have the API's words. A value that this program does not know yet
// is `unknown`.

extension CommonV1.AccessRequestState {
  var key: String {
    switch self {
    case .received: "received"
    case .awaitingProvider: "awaiting_provider"
    case .awaitingCustomer: "awaiting_customer"
    case .approved: "approved"
    case .denied: "denied"
    case .expired: "expired"
    case .withdrawn: "withdrawn"
    case .revoked: "revoked"
    case .ended: "ended"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}

extension CommonV1.ReasonCode {
  var key: String {
    switch self {
    case .customerInitiatedSupport: "customer_initiated_support"
    case .providerInitiatedService: "provider_initiated_service"
    case .securityReview: "security_review"
    case .thirdPartyDemand: "third_party_demand"
    case .productionAlert: "production_alert"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}

extension CommonV1.Action {
  var key: String {
    switch self {
    case .read: "read"
    case .write: "write"
    case .delete: "delete"
    case .export: "export"
    case .execute: "execute"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}

/// Where a request stands, in a word and a colour.
struct StateMark: Hashable, Sendable {
  /// For the style: never the only sign.
  let key: String
  let text: String

  init(_ state: CommonV1.AccessRequestState, _ reading: Reading) {
    key = state.key
    text = reading.texts("state.\(reading.word(for: state))")
  }
}

enum PersonWords {
  /// The name that an issuer gives, with the id beside it: names can be chosen, ids cannot.
  static func name(_ subject: CommonV1.Subject) -> String {
    subject.displayName.isEmpty || subject.displayName == subject.id
      ? subject.id : "\(subject.displayName) (\(subject.id))"
  }
}
