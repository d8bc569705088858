internal import MerkleLog

extension DevelopmentDirectory {
  /// `issuers.yaml`, as the services read it.
  static func issuersText(_ issuers: [DevelopmentIssuer]) -> String {
    "# Who speaks for whom. Development only: the keys lie beside this file.\nissuers:\n"
      + issuers.map(issuerEntry).joined()
  }

  static func issuerEntry(_ issuer: DevelopmentIssuer) -> String {
    var text = """
        - issuer: \(issuer.url)
          audience: \(audience)
          keys: issuers/\(issuer.name).jwks.json
          development: true

      """
    if let tenant = issuer.tenant { text += "    tenant: \(tenant)\n" }
    return text
  }

  /// `log-keys.txt`, for the portal.
  static func logKeysText(_ logKey: VerificationKey) throws(Failure) -> String {
    var text = "# The verifier key of each log, one a line.\n"
    for log in [provider] + tenants { text += "\(try logVerifier(of: log, logKey).vkey)\n" }
    return text
  }

  /// `ctl.yaml` for the services as `deploy/config/dev` configures them.
  static func controlText(_ logKey: VerificationKey) throws(Failure) -> String {
    var text = """
      # How lockboxctl finds the services and whom it trusts. Paths are relative to this file.
      endpoints:
        intake: 127.0.0.1:7401
        approvals: 127.0.0.1:7402
        expiry: 127.0.0.1:7403
        audit: 127.0.0.1:7404
        export: 127.0.0.1:7406
        notify: 127.0.0.1:7714
      trust_roots: ca/ca.pem
      development:
        directory: .
      access_tokens:
        keys: keys/access-token.jwks.json
        issuer: \(tokenIssuer)
        audience: \(tokenAudience)
      # The key of each tenant's log, and of the provider's own.
      log_keys:

      """
    for log in [provider] + tenants {
      text += "  \(log): \(try logVerifier(of: log, logKey).vkey)\n"
    }
    return text
  }
}
