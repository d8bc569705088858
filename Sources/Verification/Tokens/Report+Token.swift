public import AccessToken
internal import LockboxProto

extension Report {
  /// What was found of an access token.
  public init(_ verdict: Verdict) {
    self.init()
    for check in verdict.checks {
      let outcome: Finding.Outcome =
        switch check.outcome {
        case .passed(let found): .holds(found)
        case .failed(let problem): .fails(problem)
        case .notReached: .notReached
        }
      add(Finding(check.subject.words, outcome, entry: verdict.entry(of: check.subject)))
    }
  }
}

extension Verdict {
  /// Where in the log the receipt says that the approval stands.
  fileprivate func entry(of subject: Check.Subject) -> UInt64? {
    switch subject {
    case .inclusion, .event: claims?.receipt.index
    case .format, .algorithm, .type, .key, .signature, .claims, .issuer, .audience, .issued,
      .expiry, .lifetime, .window, .log, .checkpoint, .cosignatures, .tenant, .request, .grant,
      .digest,
      .engineer, .scope, .times, .breakGlass:
      nil
    }
  }
}

extension Check.Subject {
  fileprivate var words: String {
    switch self {
    case .format: "form of the token"
    case .algorithm: "algorithm"
    case .type: "type of the token"
    case .key: "signing key"
    case .signature: "signature"
    case .claims: "claims"
    case .issuer: "issuer"
    case .audience: "audience"
    case .issued: "issued"
    case .expiry: "expiry"
    case .lifetime: "lifetime"
    case .window: "grant's window"
    case .log: "tenant's log"
    case .checkpoint: "checkpoint"
    case .cosignatures: "cosignatures"
    case .inclusion: "inclusion in the log"
    case .event: "logged event"
    case .tenant: "logged tenant"
    case .request: "logged request"
    case .grant: "logged grant"
    case .digest: "logged digest"
    case .engineer: "logged engineer"
    case .scope: "logged scope"
    case .times: "logged window"
    case .breakGlass: "break-glass"
    }
  }
}
