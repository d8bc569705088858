/// The signature algorithms that people's tokens may use (RFC 7518 §3.1, RFC 8037 §3.1).
enum TokenAlgorithm: String, Sendable, Hashable, CaseIterable {
  case eddsa = "EdDSA"
  case es256 = "ES256"
  case rs256 = "RS256"
}
