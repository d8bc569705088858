internal import ServiceKit
internal import Web

/// Whether a form was sent by a page of ours, by its own reader: two proofs, and both must hold.
struct FormGuard: Sendable {
  let publicURL: HTTPSURL

  /// Why a form is not taken.
  enum Refusal: Error, Hashable, Sendable {
    /// The browser says that another site has sent it.
    case otherOrigin
    /// The session's token is missing or wrong.
    case token
  }

  static let field = "form_token"

  /// The origin as browsers write it, and the token that only pages of this session carry.
  func check(_ request: WebRequest, _ form: WebForm, _ id: SessionID) throws(Refusal) {
    try checkOrigin(request)
    let tokens = form.all(Self.field)
    guard tokens.count == 1, id.accepts(formToken: tokens[0]) else { throw .token }
  }

  /// Every browser of these years says at least one of the two with a POST.
  func checkOrigin(_ request: WebRequest) throws(Refusal) {
    let site = request.field("sec-fetch-site")
    let origin = request.field("origin")
    guard site != nil || origin != nil, site == nil || site == "same-origin",
      origin == nil || origin?.lowercased() == publicURL.description.lowercased()
    else { throw .otherOrigin }
  }
}
