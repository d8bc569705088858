internal import Words

/// OpenID Provider Metadata (OpenID Connect Discovery §3).
enum IssuerDocument {
  /// - Parameters:
  ///   - issuer: `iss`, which is a name and no address of this server.
  ///   - url: where the issuer is served.
  static func text(issuer: String, url: String) -> String {
    func list(_ items: String...) -> String { JSONText.array(items.map(JSONText.string)) }
    return JSONText.object([
      ("issuer", JSONText.string(issuer)),
      ("authorization_endpoint", JSONText.string("\(url)/authorize")),
      ("token_endpoint", JSONText.string("\(url)/token")),
      ("jwks_uri", JSONText.string("\(url)/keys")),
      ("response_types_supported", list("code")),
      ("response_modes_supported", list("query")),
      ("grant_types_supported", list("authorization_code")),
      ("subject_types_supported", list("public")),
      ("id_token_signing_alg_values_supported", list("EdDSA")),
      ("scopes_supported", list("openid")),
      ("token_endpoint_auth_methods_supported", list("none")),
      ("code_challenge_methods_supported", list("S256")),
      (
        "claims_supported",
        list(
          "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "name", "email",
          "email_verified", "roles", "groups")
      ),
      ("authorization_response_iss_parameter_supported", "true"),
    ])
  }
}
