/// What whoever uses an access token must prove to hold (RFC 7800 `cnf`).
public enum Confirmation: Hashable, Sendable {
  /// The client certificate with this SHA-256 of its DER bytes (RFC 8705 §3.1, `x5t#S256`).
  case certificate(sha256: [UInt8])
  /// The key with this SHA-256 thumbprint (RFC 7638; RFC 9449 §6.1, `jkt`).
  case key(thumbprint: [UInt8])
}
