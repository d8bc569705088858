internal import RPC
internal import ServiceKit
internal import Web

/// What a person is told when something goes wrong: one sentence, and the way out.
struct Failure: Error, Hashable, Sendable {
  var status: Int
  /// The texts: `failure.<word>.title`, `failure.<word>.sentence`.
  var word: String
  /// A reason of the API, whose own sentence stands below `reason.`, where there is one.
  var reason: String?
  /// Every field that the API found wrong.
  var violations: [FieldViolation] = []
  var retryAfter: Duration?

  init(_ status: Int, _ word: String, reason: String? = nil) {
    self.status = status
    self.word = word
    self.reason = reason
  }

  static let signedOut = Failure(401, "signed_out")
  /// A handler throws it for an address that names nothing.
  static let notFound = Failure(404, "not_found")

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as RPCError: self.init(error)
    case let fault as SignInFault:
      self.init(fault.status, "sign_in_\(fault.word)")
      if case .tooMany(let wait) = fault { retryAfter = wait }
    case let refusal as FormGuard.Refusal:
      switch refusal {
      case .otherOrigin: self.init(403, "other_origin")
      case .token: self.init(403, "form")
      }
    case let error as WebError: self.init(error)
    default: self.init(500, "internal")
    }
  }

  private init(_ error: RPCError) {
    switch error.code {
    case .notFound: self.init(404, "not_found")
    case .permissionDenied: self.init(403, "denied")
    case .unauthenticated: self.init(401, "signed_out")
    case .failedPrecondition, .alreadyExists, .aborted:
      self.init(409, "conflict", reason: error.reason)
    case .invalidArgument, .outOfRange: self.init(422, "invalid", reason: error.reason)
    case .resourceExhausted: self.init(429, "too_much", reason: error.reason)
    case .unavailable, .deadlineExceeded, .cancelled:
      self.init(503, "unavailable", reason: error.reason)
    case .unimplemented: self.init(501, "internal")
    case .ok, .unknown, .internal, .dataLoss: self.init(500, "internal")
    }
    violations = error.fieldViolations
    retryAfter = error.retryDelay
  }

  private init(_ error: WebError) {
    switch error.status {
    case 404: self.init(404, "not_found")
    case 405: self.init(405, "not_found")
    case 413: self.init(413, "too_large")
    case 503: self.init(503, "unavailable")
    case 400..<500: self.init(error.status, "malformed")
    default: self.init(error.status, "internal")
    }
  }
}

/// The view model of `failure.mustache`.
struct FailurePage: Sendable {
  struct Violation: Sendable {
    let field: String
    let problem: String
  }

  let sentence: String
  let detail: String?
  let violations: [Violation]
  let wayPath: String
  let way: String

  init(_ failure: Failure, _ texts: Texts, returnTo: String) {
    sentence = texts("failure.\(failure.word).sentence")
    detail = failure.reason.flatMap { texts.find("reason.\($0.lowercased())") }
    violations = failure.violations.map { Violation(field: $0.field, problem: $0.description) }
    let isSignedOut = failure.word == "signed_out" || failure.word.hasPrefix("sign_in")
    wayPath = isSignedOut ? "/sign-in" : returnTo
    way = texts(isSignedOut ? "failure.way.sign_in" : "failure.way.back")
  }
}
