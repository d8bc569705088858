public import Domain

/// Decides at an enforcement point whether a token lets its bearer do something now: the token by
/// itself, whose it is, what it is for, and that its grant has not been ended. Says no whenever it
/// cannot know.
public struct AccessTokenGate: Sendable {
  /// What the bearer proved to hold on the connection or with the call.
  public struct Possession: Hashable, Sendable {
    /// SHA-256 of the client certificate.
    public var certificate: [UInt8]?
    /// Of the key of a `DPoPProof` that was made for this call.
    public var keyThumbprint: [UInt8]?

    public init(certificate: [UInt8]? = nil, keyThumbprint: [UInt8]? = nil) {
      self.certificate = certificate
      self.keyThumbprint = keyThumbprint
    }
  }

  public enum Refusal: Error, Hashable, Sendable {
    /// The first check that failed.
    case token(Check.Subject)
    /// It is bound to a certificate or key that was not shown.
    case notTheHolder
    case resource
    case action
    case revoked
    /// What is known of revocations is older than allowed.
    case revocationsUnknown
  }

  private let verifier: AccessTokenVerifier
  private let revocations: RevocationList
  private let oldest: Duration

  /// - Parameter oldest: how old the knowledge of revocations may be. The stream says something every
  ///   second.
  public init(
    verifier: AccessTokenVerifier, revocations: RevocationList, oldest: Duration = .seconds(5)
  ) {
    self.verifier = verifier
    self.revocations = revocations
    self.oldest = oldest
  }

  /// - Returns: what the token says.
  public func admit(
    _ token: String, holding possession: Possession = Possession(), to action: Action,
    on resource: String, at now: Timestamp
  ) throws(Refusal) -> AccessTokenClaims {
    let complete = revocations.completeUntil
    guard now - complete <= oldest else { throw .revocationsUnknown }
    let verdict = verifier.verify(token, at: now)
    guard verdict.holds, let claims = verdict.claims else {
      throw .token(verdict.firstFailure?.subject ?? .format)
    }
    switch claims.confirmation {
    case nil: break
    case .certificate(let sha256):
      guard possession.certificate == sha256 else { throw .notTheHolder }
    case .key(let thumbprint):
      guard possession.keyThumbprint == thumbprint else { throw .notTheHolder }
    }
    let wanted = Scope(resources: [resource], actions: [action])
    guard claims.grant.scope.actions.contains(action) else { throw .action }
    guard wanted.isWithin(claims.grant.scope) else { throw .resource }
    guard !revocations.contains(claims.grant.id) else { throw .revoked }
    return claims
  }
}
