internal import ServiceKit

/// Why nobody was signed in.
enum SignInFault: Error, Hashable, Sendable {
  /// No such organisation.
  case organisationUnknown
  /// Too many from this address.
  case tooMany(retryAfter: Duration)
  /// The browser has begun no sign-in, or not this one, or too long ago, or it is over already.
  case attemptUnknown
  /// Another issuer answers than the one that was asked (RFC 9207 §2.4).
  case issuerMixedUp
  /// The issuer says no: an error code of RFC 6749 §4.1.2.1.
  case refused
  /// The issuer, or its token endpoint, does not answer as it should; for the log.
  case unreachable(String)
  /// The token endpoint does not take the code, or the refresh token.
  case codeRefused
  /// What came is no token of this person for us.
  case tokenRefused(TokenRefusal)
  /// The API's token is another person's than the ID token.
  case otherPerson

  /// For logs and metrics.
  var reason: StaticString {
    switch self {
    case .organisationUnknown: "ORGANISATION_UNKNOWN"
    case .tooMany: "TOO_MANY"
    case .attemptUnknown: "ATTEMPT_UNKNOWN"
    case .issuerMixedUp: "ISSUER_MIXED_UP"
    case .refused: "REFUSED_BY_ISSUER"
    case .unreachable: "ISSUER_UNREACHABLE"
    case .codeRefused: "CODE_REFUSED"
    case .tokenRefused: "TOKEN_REFUSED"
    case .otherPerson: "OTHER_PERSON"
    }
  }

  /// Under which texts the page stands: `failure.sign_in.…`.
  var word: String {
    switch self {
    case .organisationUnknown: "organisation"
    case .tooMany: "too_many"
    case .attemptUnknown, .issuerMixedUp: "attempt"
    case .refused: "refused"
    case .unreachable: "unreachable"
    case .codeRefused, .tokenRefused, .otherPerson: "token"
    }
  }

  var status: Int {
    switch self {
    case .organisationUnknown: 404
    case .tooMany: 429
    case .attemptUnknown, .issuerMixedUp: 400
    case .refused: 403
    case .unreachable: 503
    case .codeRefused, .tokenRefused, .otherPerson: 502
    }
  }
}
