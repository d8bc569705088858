internal import StrictJSON

/// The signature algorithms that people's tokens may use (RFC 7518 §3.1, RFC 8037 §3.1).
enum TokenAlgorithm: String, Sendable, Hashable, CaseIterable {
  case eddsa = "EdDSA"
  case es256 = "ES256"
  case rs256 = "RS256"

  /// The one algorithm of a key: what its `alg` says or, since many issuers leave that out, the only
  /// one of ours for a key of its kind. Never what a token says.
  init?(of key: Json) {
    if let named = key["alg"] {
      guard let name = named.string else { return nil }
      self.init(rawValue: name)
      return
    }
    switch (key["kty"]?.string, key["crv"]?.string) {
    case ("OKP", "Ed25519"): self = .eddsa
    case ("EC", "P-256"): self = .es256
    case ("RSA", nil): self = .rs256
    default: return nil
    }
  }
}
