internal import ProtobufC
internal import ServiceKit
internal import Web

/// An authorization request that can be granted (RFC 6749 §4.1.1, RFC 7636, OpenID Connect Core §3.1).
struct SignInRequest: Hashable, Sendable {
  /// The one client.
  static let client = "lockbox-portal"

  let redirect: RedirectURI
  let state: String?
  let nonce: String?
  /// SHA-256 of the code verifier, base64url.
  let challenge: String

  /// The parameters that say it again, for the page's form.
  var fields: [WebField] {
    var fields = [
      WebField("response_type", "code"), WebField("client_id", Self.client),
      WebField("redirect_uri", redirect.text), WebField("scope", "openid"),
      WebField("code_challenge", challenge), WebField("code_challenge_method", "S256"),
    ]
    if let state { fields.append(WebField("state", state)) }
    if let nonce { fields.append(WebField("nonce", nonce)) }
    return fields
  }

  func isMet(by verifier: String) -> Bool {
    (43...128).contains(verifier.utf8.count)
      && Base64URL.encode(Sha256.digest(Array(verifier.utf8))) == challenge
  }
}

/// Why an authorization request is refused.
enum SignInRefusal: Error, Hashable, Sendable {
  /// Nobody is sent anywhere: the redirect is not the client's.
  case told(String)
  /// The client hears of it.
  case redirected(RedirectURI, state: String?, error: String, description: String)
}

extension SignInRequest {
  private static let longest = 1_024

  /// - Parameter redirects: those of the client.
  init(_ parameters: Parameters, redirects: [RedirectURI]) throws(SignInRefusal) {
    guard parameters["client_id"] == Self.client else {
      throw .told("client_id must be \(Self.client)")
    }
    guard let text = parameters["redirect_uri"],
      let redirect = redirects.first(where: { $0.text.utf8.elementsEqual(text.utf8) })
    else { throw .told("redirect_uri is none that is registered for \(Self.client)") }

    let state = parameters["state"].flatMap { $0.utf8.count <= Self.longest ? $0 : nil }
    func refuse(_ error: String, _ description: String) -> SignInRefusal {
      .redirected(redirect, state: state, error: error, description: description)
    }
    if let name = parameters.repeated.min() {
      throw refuse(
        "invalid_request", "\(Self.known.contains(name) ? name : "a parameter") is sent twice")
    }
    for name in ["request", "request_uri", "registration"] where parameters[name] != nil {
      throw refuse("\(name)_not_supported", "\(name) is not supported")
    }
    guard parameters["response_type"] == "code" else {
      throw refuse("unsupported_response_type", "response_type must be code")
    }
    guard parameters["response_mode"] ?? "query" == "query" else {
      throw refuse("invalid_request", "response_mode must be query")
    }
    guard parameters["scope"]?.split(separator: " ").contains("openid") == true else {
      throw refuse("invalid_scope", "scope must name openid")
    }
    guard parameters["code_challenge_method"] == "S256" else {
      throw refuse("invalid_request", "code_challenge_method must be S256")
    }
    guard let challenge = parameters["code_challenge"],
      Base64URL.decode(challenge.utf8)?.count == 32
    else { throw refuse("invalid_request", "code_challenge must be a SHA-256 in base64url") }
    for name in ["state", "nonce"] where (parameters[name]?.utf8.count ?? 0) > Self.longest {
      throw refuse("invalid_request", "\(name) is longer than \(Self.longest) bytes")
    }
    // Nobody is signed in here from one request to the next.
    guard parameters["prompt"]?.split(separator: " ").contains("none") != true else {
      throw refuse("login_required", "nobody is signed in")
    }
    self.init(
      redirect: redirect, state: state, nonce: parameters["nonce"], challenge: challenge)
  }

  private static let known: Set = [
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method", "response_mode", "prompt",
  ]
}
