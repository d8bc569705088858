/// A request for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).
struct TokenRequest: Hashable, Sendable {
  let code: String
  let verifier: String
  let redirect: String

  /// What a client is told (RFC 6749 §5.2).
  struct Refusal: Error, Hashable, Sendable {
    let error: String
    let description: String

    init(_ error: String, _ description: String) {
      self.error = error
      self.description = description
    }

    /// Unknown, used, too old, another issuer's, for another redirect or another verifier: the caller
    /// learns not which.
    static let grant = Refusal("invalid_grant", "the code is not good")
  }

  init(_ parameters: Parameters) throws(Refusal) {
    guard parameters.repeated.isEmpty else {
      throw Refusal("invalid_request", "a parameter is sent twice")
    }
    guard parameters["grant_type"] == "authorization_code" else {
      throw Refusal("unsupported_grant_type", "grant_type must be authorization_code")
    }
    guard parameters["client_id"] == SignInRequest.client, parameters["client_secret"] == nil else {
      throw Refusal("invalid_client", "the client is \(SignInRequest.client), without a secret")
    }
    guard let code = parameters["code"], let verifier = parameters["code_verifier"],
      let redirect = parameters["redirect_uri"]
    else {
      throw Refusal(
        "invalid_request", "code, code_verifier and redirect_uri must be there")
    }
    self.code = code
    self.verifier = verifier
    self.redirect = redirect
  }

  /// Whether it is for what the code was given for.
  func fits(_ signIn: AuthorizationCodes.SignIn, at issuer: String) -> Bool {
    signIn.issuer == issuer && signIn.request.redirect.text.utf8.elementsEqual(redirect.utf8)
      && signIn.request.isMet(by: verifier)
  }
}
