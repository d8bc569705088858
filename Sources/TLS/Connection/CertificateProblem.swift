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
  /// Its URI SAN is not among `TLSConfiguration.allowedClients`.
  case notAllowed(presented: [String])
  /// Several URI SANs, one of them a SPIFFE ID: there is no telling which one is meant.
  case severalNames([String])
  /// A SAN holds a NUL, is damaged, or means to be a SPIFFE ID and is none.
  case malformedName
  /// It breaks the profile of RFC 5280.
  case malformed(String)
  /// A certificate of its chain belongs to nobody who may issue any.
  case issuerNotAuthority
  /// A constraint of one of its authorities is broken (RFC 5280 §4.2.1.9, §4.2.1.10).
  case constraintBroken(String)
  /// It, or a certificate of its chain, has a critical extension that we do not know.
  case unknownExtension
  /// The signature of a certificate of its chain is not its issuer's.
  case badSignature
  /// The peer did not prove that it has the certificate's key.
  case keyNotProven
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
    case .notAllowed(let presented):
      presented.isEmpty
        ? "it names nobody"
        : "it names \(presented.joined(separator: ", ")), who is not let in here"
    case .severalNames(let names): "it has several URI names: \(names.joined(separator: ", "))"
    case .malformedName: "one of its names is malformed"
    case .malformed(let what): "it is malformed: \(what)"
    case .issuerNotAuthority: "its issuer may not issue certificates"
    case .constraintBroken(let what): "a constraint of its issuer is broken: \(what)"
    case .unknownExtension: "it has a critical extension that is not known here"
    case .badSignature: "a signature in its chain is wrong"
    case .keyNotProven: "its key is not the peer's"
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
      X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, X509_V_ERR_CRL_SIGNATURE_FAILURE,
      X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
      X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_DIFFERENT_CRL_SCOPE,
      X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
      self = .revocationUnknown
    case X509_V_ERR_INVALID_PURPOSE: self = .wrongPurpose
    case X509_V_ERR_INVALID_CA, X509_V_ERR_INVALID_NON_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      self = .issuerNotAuthority
    case X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_PERMITTED_VIOLATION,
      X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
      X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
      X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      self = .constraintBroken(Self.text(code))
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: self = .unknownExtension
    case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
      self = .badSignature
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: self = .chainTooLong
    case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
      self = .tooWeak
    default: self = .other(Self.text(code))
    }
  }

  private static func text(_ code: Int32) -> String {
    String(cString: X509_verify_cert_error_string(Int(code)))
  }
}
