internal import LockboxProto

// What this program knows of the API's words, for lists of choices.

extension CommonV1.AccessRequestState {
  /// Somebody has yet to decide.
  var isPending: Bool {
    switch self {
    case .received, .awaitingProvider, .awaitingCustomer: true
    case .unspecified, .approved, .denied, .expired, .withdrawn, .revoked, .ended, .unrecognized:
      false
    }
  }
}

extension CommonV1.ReasonCode {
  static let known: [Self] = [
    .customerInitiatedSupport, .providerInitiatedService, .securityReview, .thirdPartyDemand,
    .productionAlert,
  ]
}

extension CommonV1.Action {
  static let known: [Self] = [.read, .write, .delete, .export, .execute]
}

extension CommonV1.Severity {
  static let known: [Self] = [.low, .medium, .high, .critical]

  /// Nil where none is stated.
  var key: String? {
    switch self {
    case .unspecified: nil
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    case .critical: "critical"
    case .unrecognized: "unknown"
    }
  }
}

extension CommonV1.Side {
  var key: String {
    switch self {
    case .provider: "provider"
    case .customer: "customer"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}

extension CommonV1.ReviewVerdict {
  var key: String {
    switch self {
    case .unspecified: "open"
    case .accepted: "accepted"
    case .disputed: "disputed"
    case .unrecognized: "unknown"
    }
  }
}
