internal import Domain

/// What only the approvals service's configuration holds.
public struct ApprovalsSettings: ConfigurationSection {
  /// Ed25519 private key, PEM (PKCS #8), that signs access tokens.
  public let tokenSigningKey: String
  /// Where the next one will lie, before it signs; there need be no such file.
  public let tokenNextSigningKey: String?
  /// `iss` of access tokens: a URL.
  public let tokenIssuer: String
  /// `aud` of access tokens: who enforces them.
  public let tokenAudience: String
  /// How long an access token lives; never past its grant's end.
  public let tokenLifetime: Duration
  /// How long to wait for the audit log's receipt before answering that there is none now.
  public let receiptTimeout: Duration
  /// The shortest lifetime that a stage may have. Shorter than `Limits.requestLifetime` allows
  /// only in development, where people play with it.
  public let minimumLifetime: Duration
  /// The portal's domain and origin, for which browsers sign decisions; both or neither.
  public let webAuthnID: String?
  public let webAuthnOrigin: String?

  enum Keys {
    static let tokenSigningKey = Setting<String>.path("token.signing_key")
    static let tokenNextSigningKey = Setting<String>.path("token.next_signing_key")
    static let tokenIssuer = Setting<String>.text("token.issuer", limit: 256)
    static let tokenAudience = Setting<String>.text("token.audience", limit: 256)
    static let tokenLifetime = Setting<Duration>.duration(
      "token.lifetime", in: .seconds(10)...Limits.accessTokenLifetime,
      default: Limits.accessTokenLifetime)
    static let receiptTimeout = Setting<Duration>.duration(
      "audit.receipt_timeout", in: .milliseconds(100) ... .seconds(30), default: .seconds(5))
    static let minimumLifetime = Setting<Duration>.duration(
      "minimum_lifetime", in: .seconds(1)...Limits.requestLifetime.upperBound,
      default: Limits.requestLifetime.lowerBound)
    static let webAuthnID = Setting<String>.text("webauthn.relying_party_id", limit: 253)
    static let webAuthnOrigin = Setting<String>.text("webauthn.origin", limit: 256)
  }

  public static var settings: [any AnySetting] {
    [
      Keys.tokenSigningKey, Keys.tokenNextSigningKey, Keys.tokenIssuer, Keys.tokenAudience,
      Keys.tokenLifetime, Keys.receiptTimeout, Keys.minimumLifetime, Keys.webAuthnID,
      Keys.webAuthnOrigin,
    ]
  }

  public init(_ values: ConfigurationValues, service: ServiceConfiguration) throws(StartError) {
    tokenSigningKey = try values.get(Keys.tokenSigningKey)
    tokenNextSigningKey = try values.find(Keys.tokenNextSigningKey)
    tokenIssuer = try values.get(Keys.tokenIssuer)
    tokenAudience = try values.get(Keys.tokenAudience)
    tokenLifetime = try values.get(Keys.tokenLifetime)
    receiptTimeout = try values.get(Keys.receiptTimeout)
    minimumLifetime = try values.get(Keys.minimumLifetime)
    webAuthnID = try values.find(Keys.webAuthnID)
    webAuthnOrigin = try values.find(Keys.webAuthnOrigin)
    guard (webAuthnID == nil) == (webAuthnOrigin == nil) else {
      throw .configuration(
        "`webauthn.relying_party_id` and `webauthn.origin` go together: write both, or neither.")
    }
    if service.environment == .production,
      minimumLifetime < Limits.requestLifetime.lowerBound
    {
      throw .configuration(
        """
        `\(Keys.minimumLifetime.key)` may be shorter than \
        \(DurationText(Limits.requestLifetime.lowerBound)) only where `environment` is \
        `development`: remove it.
        """)
    }
  }
}
