/// Where an issuer's keys come from.
public enum KeySource: Hashable, Sendable {
  /// A JWKS file (RFC 7517), read again when it changes.
  case file(String)
  /// A JWKS behind an `https` URL, fetched again as `KeySchedule` says.
  case url(String)
  /// The `jwks_uri` of the issuer's own discovery document (OpenID Connect Discovery 1.0 §4).
  case discovery
}
