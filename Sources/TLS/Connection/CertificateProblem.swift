internal import COpenSSL

/// What was wrong with the peer's certificate or its chain.
public enum CertificateProblem: Sendable, Hashable, CustomStringConvertible {
  case expired
  case notYetValid
  /// Its chain does not lead to one of the trust roots.
  case unknownAuthority
  /// Vouches for itself and is no trust root.
  case selfSigned
  case revoked
  /// No current revocation list of its issuer.
  case revocationUnknown
  /// Extended key usage or key usage does not allow this end of a connection, or is missing.
  case wrongPurpose
  /// An authority's certificate, presented as a leaf.
  case authorityAsLeaf
  /// None of its SANs is the expected one.
  case wrongName(expected: String, presented: [String])
  /// A SAN holds a NUL or is damaged.
  case malformedName
  /// A certificate of its chain belongs to nobody who may issue any.
  case issuerNotAuthority
  /// More certificates than the depth limit.
  case chainTooLong
  /// Key or signature below today's strength.
  case tooWeak
  /// Anything else, in libcrypto's words.
  case other(String)

  public var description: String {
    switch self {
    case .expired: "it has expired"
    case .notYetValid: "it is not valid yet"
    case .unknownAuthority: "its issuer is not among the trust roots"
    case .selfSigned: "it is self-signed and not among the trust roots"
    case .revoked: "it is revoked"
    case .revocationUnknown: "there is no current revocation list of its issuer"
    case .wrongPurpose: "its key usage does not allow this purpose"
    case .authorityAsLeaf: "it is an authority's certificate"
    case .wrongName(let expected, let presented):
      presented.isEmpty
        ? "it names nobody, expected \(expected)"
        : "it names \(presented.joined(separator: ", ")), expected \(expected)"
    case .malformedName: "one of its names is malformed"
    case .issuerNotAuthority: "its issuer may not issue certificates"
    case .chainTooLong: "its chain is too long"
    case .tooWeak: "its key or signature is too weak"
    case .other(let text): text
    }
  }

  /// - Parameter code: X509_V_ERR_*.
  init(_ code: Int32) {
    switch code {
    case X509_V_ERR_CERT_HAS_EXPIRED: self = .expired
    case X509_V_ERR_CERT_NOT_YET_VALID: self = .notYetValid
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_CERT_UNTRUSTED:
      self = .unknownAuthority
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: self = .selfSigned
    case X509_V_ERR_CERT_REVOKED: self = .revoked
    case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID,
      X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, X509_V_ERR_CRL_SIGNATURE_FAILURE:
      self = .revocationUnknown
    case X509_V_ERR_INVALID_PURPOSE: self = .wrongPurpose
    case X509_V_ERR_INVALID_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN: self = .issuerNotAuthority
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: self = .chainTooLong
    case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
      self = .tooWeak
    default: self = .other(String(cString: X509_verify_cert_error_string(Int(code))))
    }
  }
}
