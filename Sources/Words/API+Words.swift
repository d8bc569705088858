public import LockboxProto

// The API's words as people write and read them: `customer-initiated-support`.

extension CommonV1.ReasonCode {
  public var words: String {
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
  public var words: String {
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
  public var words: String {
    switch self {
    case .unspecified: "said"
    case .question: "asked"
    case .answer: "answered"
    case .unrecognized(let number): "kind \(number)"
    }
  }
}

extension CommonV1.Action {
  public var words: String {
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

extension CommonV1.Side {
  public var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .provider: "provider"
    case .customer: "customer"
    case .unrecognized(let number): "side \(number)"
    }
  }
}

extension CommonV1.DeadlineKind {
  public var words: String {
    switch self {
    case .unspecified: "unspecified"
    case .stage: "stage"
    case .grant: "grant"
    case .unrecognized(let number): "deadline \(number)"
    }
  }
}

extension CommonV1.Verdict {
  public var word: String {
    switch self {
    case .unspecified: "unspecified"
    case .approve: "approve"
    case .deny: "deny"
    case .unrecognized(let number): "verdict \(number)"
    }
  }
}

extension CommonV1.ReviewVerdict {
  public var words: String {
    switch self {
    case .unspecified: "open"
    case .accepted: "accepted"
    case .disputed: "disputed"
    case .unrecognized(let number): "verdict \(number)"
    }
  }
}

extension CommonV1.Scope {
  public var actionWords: String { actions.map(\.words).joined(separator: ", ") }
}
