/// Why a bearer token is refused. For the service's log only: a caller never learns it.
public enum TokenRefusal: String, Error, Hashable, Sendable, CaseIterable {
  case missing = "TOKEN_MISSING"
  case tooLarge = "TOKEN_TOO_LARGE"
  case malformed = "TOKEN_MALFORMED"
  case headerMalformed = "TOKEN_HEADER_MALFORMED"
  case algorithmRefused = "TOKEN_ALGORITHM_REFUSED"
  /// The header's algorithm is not the key's.
  case algorithmMismatch = "TOKEN_ALGORITHM_MISMATCH"
  case typeWrong = "TOKEN_TYPE_WRONG"
  /// `crit`, `b64`, or a key or the address of one in the header.
  case headerRefused = "TOKEN_HEADER_REFUSED"
  case claimsMalformed = "TOKEN_CLAIMS_MALFORMED"
  case issuerUnknown = "TOKEN_ISSUER_UNKNOWN"
  case keyUnknown = "TOKEN_KEY_UNKNOWN"
  /// The issuer's keys were not to be had for too long.
  case keysTooOld = "TOKEN_KEYS_TOO_OLD"
  case signatureInvalid = "TOKEN_SIGNATURE_INVALID"
  case audienceWrong = "TOKEN_AUDIENCE_WRONG"
  case expired = "TOKEN_EXPIRED"
  case notYetValid = "TOKEN_NOT_YET_VALID"
  case issuedInFuture = "TOKEN_ISSUED_IN_FUTURE"
  case lifetimeTooLong = "TOKEN_LIFETIME_TOO_LONG"
  /// Of another sign-in than the one that was begun.
  case nonceWrong = "TOKEN_NONCE_WRONG"
}

extension TokenRefusal {
  /// Whether other keys of the issuer could make a difference.
  var isForKeys: Bool {
    switch self {
    case .keyUnknown, .keysTooOld: true
    case .missing, .tooLarge, .malformed, .headerMalformed, .algorithmRefused, .algorithmMismatch,
      .typeWrong, .headerRefused, .claimsMalformed, .issuerUnknown, .signatureInvalid,
      .audienceWrong, .expired, .notYetValid, .issuedInFuture, .lifetimeTooLong, .nonceWrong:
      false
    }
  }
}
