public import Domain
public import LockboxProto

/// What an access token says: who may do what to which tenant's content and when, and the proof
/// that the approval stands in the tenant's log.
public struct AccessTokenClaims: Sendable, Hashable {
  /// `typ` of the header (RFC 8725 §3.11): no other token of ours passes for an access token.
  public static let type = "lockbox-access+jwt"

  /// `iss`: the approvals service that signs.
  public var issuer: String
  /// `aud`: who enforces the token.
  public var audience: String
  /// `jti`.
  public var tokenID: TokenID
  /// `iat` and `nbf`, in whole seconds: a fraction is cut off.
  public var issueTime: Timestamp
  /// `exp`, in whole seconds: a fraction is cut off. The token is dead from this moment on.
  public var expireTime: Timestamp
  public var grant: Grant
  /// `cnf`; nil: whoever bears the token may use it.
  public var confirmation: Confirmation?
  /// Proof of the approval's event.
  public var receipt: CommonV1.Receipt

  public init(
    issuer: String, audience: String, tokenID: TokenID, issueTime: Timestamp,
    expireTime: Timestamp, grant: Grant, confirmation: Confirmation? = nil,
    receipt: CommonV1.Receipt
  ) {
    self.issuer = issuer
    self.audience = audience
    self.tokenID = tokenID
    self.issueTime = issueTime
    self.expireTime = expireTime
    self.grant = grant
    self.confirmation = confirmation
    self.receipt = receipt
  }

  /// The grant that the token carries: `sub` and the claim `lockbox`.
  public struct Grant: Sendable, Hashable {
    public var id: GrantID
    public var request: RequestID
    public var tenant: TenantID
    /// `sub` is the id, `lockbox.engineer_issuer` the issuer.
    public var engineer: Subject
    public var requestDigest: Digest
    public var scope: Scope
    /// Access is allowed from here, inclusive.
    public var start: Timestamp
    /// To here, exclusive.
    public var end: Timestamp
    /// The customer did not approve the grant: it reviews it afterwards.
    public var isBreakGlass: Bool

    public init(
      id: GrantID, request: RequestID, tenant: TenantID, engineer: Subject, requestDigest: Digest,
      scope: Scope, start: Timestamp, end: Timestamp, isBreakGlass: Bool = false
    ) {
      self.id = id
      self.request = request
      self.tenant = tenant
      self.engineer = engineer
      self.requestDigest = requestDigest
      self.scope = scope
      self.start = start
      self.end = end
      self.isBreakGlass = isBreakGlass
    }
  }
}
