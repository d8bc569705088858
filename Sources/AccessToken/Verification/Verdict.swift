/// The outcome of checking one access token: every check, in order.
public struct Verdict: Sendable, Hashable {
  public let checks: [Check]
  /// What the token says; nil when it cannot be read or its signature does not hold.
  public let claims: AccessTokenClaims?

  /// Every check passed.
  public var holds: Bool { checks.allSatisfy { $0.outcome.passed } }

  /// The first check that failed.
  public var firstFailure: Check? {
    checks.first {
      if case .failed = $0.outcome { return true }
      return false
    }
  }
}

/// One check of a verdict.
public struct Check: Sendable, Hashable {
  public let subject: Subject
  public let outcome: Outcome

  /// What is checked.
  public enum Subject: String, Sendable, Hashable, CaseIterable {
    /// A compact JWS with a JSON header.
    case format
    case algorithm
    case type
    /// The key id is known.
    case key
    case signature
    /// Every claim is there and well-formed.
    case claims
    case issuer
    case audience
    /// Issued before now.
    case issued
    /// Not yet expired.
    case expiry
    /// Short-lived, and not beyond the grant's end.
    case lifetime
    /// Now is within the grant's window.
    case window
    /// The receipt is of the tenant's own log.
    case log
    /// The checkpoint is signed by the log's key.
    case checkpoint
    /// As many of the tenant's witnesses have cosigned the checkpoint as it demands.
    case cosignatures
    /// The entry stands in the checkpoint's tree.
    case inclusion
    /// The entry is the event of an approval.
    case event
    // The event's grant is the token's:
    case tenant
    case request
    case grant
    case digest
    case engineer
    case scope
    case times
    /// Both say, or neither, that the customer did not approve.
    case breakGlass
  }

  public enum Outcome: Sendable, Hashable {
    /// What was found.
    case passed(String)
    /// What is wrong.
    case failed(String)
    /// An earlier failure leaves nothing to check.
    case notReached

    public var passed: Bool {
      if case .passed = self { return true }
      return false
    }
  }
}
