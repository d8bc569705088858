internal import LockboxProto

// The API's words as people write and read them: `awaiting customer`, `customer-initiated-support`.

extension CommonV1.AccessRequestState {
  var words: Styled {
    switch self {
    case .unspecified: "unknown"
    case .received: Styled("received", .waiting)
    case .awaitingProvider: Styled("awaiting provider", .waiting)
    case .awaitingCustomer: Styled("awaiting customer", .waiting)
    case .approved: Styled("approved", .good)
    case .denied: Styled("denied", .bad)
    case .expired: Styled("expired", .bad)
    case .withdrawn: Styled("withdrawn", .faint)
    case .revoked: Styled("revoked", .bad)
    case .ended: Styled("ended", .faint)
    case .unrecognized(let number): Styled("state \(number)")
    }
  }

  /// Nobody acts any more.
  var isFinal: Bool {
    switch self {
    case .denied, .expired, .withdrawn, .revoked, .ended: true
    case .unspecified, .received, .awaitingProvider, .awaitingCustomer, .approved, .unrecognized:
      false
    }
  }

  /// Somebody has yet to decide.
  var isPending: Bool {
    switch self {
    case .received, .awaitingProvider, .awaitingCustomer: true
    case .unspecified, .approved, .denied, .expired, .withdrawn, .revoked, .ended, .unrecognized:
      false
    }
  }

  /// What the one who asked hoped for.
  var isGood: Bool { self == .approved || self == .ended }
}

extension CommonV1.ReasonCode {
  var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .customerInitiatedSupport: "customer-initiated-support"
    case .providerInitiatedService: "provider-initiated-service"
    case .securityReview: "security-review"
    case .thirdPartyDemand: "third-party-demand"
    case .productionAlert: "production-alert"
    case .unrecognized(let number): "reason \(number)"
    }
  }
}

extension CommonV1.Severity {
  /// Empty where none is stated.
  var words: String {
    switch self {
    case .unspecified: ""
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    case .critical: "critical"
    case .unrecognized(let number): "severity \(number)"
    }
  }
}

extension CommonV1.ThreadEntryKind {
  var words: String {
    switch self {
    case .unspecified: "said"
    case .question: "asked"
    case .answer: "answered"
    case .unrecognized(let number): "kind \(number)"
    }
  }
}

extension CommonV1.Action {
  var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .read: "read"
    case .write: "write"
    case .delete: "delete"
    case .export: "export"
    case .execute: "execute"
    case .unrecognized(let number): "action \(number)"
    }
  }
}

extension CommonV1.Verdict {
  var words: Styled {
    switch self {
    case .unspecified: "unspecified"
    case .approve: Styled("approve", .good)
    case .deny: Styled("deny", .bad)
    case .unrecognized(let number): Styled("verdict \(number)")
    }
  }
}

extension CommonV1.Side {
  var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .provider: "provider"
    case .customer: "customer"
    case .unrecognized(let number): "side \(number)"
    }
  }
}

extension CommonV1.DeadlineKind {
  var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .stage: "stage"
    case .grant: "grant"
    case .unrecognized(let number): "deadline \(number)"
    }
  }
}

extension CommonV1.Scope {
  var actionWords: String { actions.map(\.words).joined(separator: ", ") }
}
