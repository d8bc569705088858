internal import CommandLine
internal import Domain
internal import Logging
internal import ServiceKit
internal import Web
internal import Words

/// The endpoints of every issuer, each below its name.
struct IssuerHandlers: Sendable {
  private let issuers: DevelopmentIssuers
  private let url: String
  private let redirects: [RedirectURI.Template]
  private let tokenLifetime: Duration
  private let codes = AuthorizationCodes()
  private let clock: any WallClock

  init(_ issuers: DevelopmentIssuers, _ settings: IssuerSettings, clock: any WallClock) {
    self.issuers = issuers
    url = settings.url
    redirects = settings.redirects
    tokenLifetime = settings.tokenLifetime
    self.clock = clock
  }

  var routes: WebRoutes {
    var routes = WebRoutes()
    routes.add(
      .get, SignInPage.stylesheetPath, name: "issuer/GetStylesheet", callers: .anybody
    ) { _ in
      WebResponse(type: "text/css; charset=utf-8", body: Array(SignInPage.stylesheet.utf8))
    }
    routes.add(
      .get, "/:issuer/.well-known/openid-configuration", name: "issuer/GetConfiguration",
      callers: .anybody
    ) { request in
      let (issuer, _) = try issuer(request)
      return .json(
        IssuerDocument.text(issuer: DevelopmentIssuers.url(of: issuer), url: "\(url)/\(issuer)"))
    }
    routes.add(.get, "/:issuer/keys", name: "issuer/GetKeys", callers: .anybody) { request in
      .json(try issuer(request).keySet)
    }
    routes.add(.get, "/:issuer/authorize", name: "issuer/Authorize", callers: .anybody) {
      try authorize($0, $0.query)
    }
    routes.add(.post, "/:issuer/authorize", name: "issuer/Authorize", callers: .anybody) {
      try authorize($0, $0.form().fields)
    }
    routes.add(.post, "/:issuer/token", name: "issuer/GetToken", callers: .anybody) {
      try token($0)
    }
    return routes
  }

  private func issuer(_ request: WebRequest) throws -> (name: String, keySet: String) {
    let name = request.parameters["issuer"] ?? ""
    guard let keySet = try issuers.keySet(of: name) else { throw WebError.notFound }
    return (name, keySet)
  }

  /// Asks who it is, or takes back to the client whoever has said it.
  private func authorize(_ request: WebRequest, _ fields: [WebField]) throws -> WebResponse {
    let (issuer, _) = try issuer(request)
    let parameters = Parameters(fields)
    do throws(SignInRefusal) {
      let signIn = try SignInRequest(
        parameters, redirects: redirects.compactMap { $0.uri(of: issuer) })
      let people = try people(of: issuer)
      guard request.method == .post, let name = parameters["person"] else {
        return SignInPage.response(signIn, at: issuer, people)
      }
      guard people.contains(where: { $0.name == name }) else {
        throw .told("\(issuer) knows nobody of this name")
      }
      let code = codes.give(
        AuthorizationCodes.SignIn(
          issuer: issuer, person: name, request: signIn, moment: clock.now()))
      return redirect(to: signIn.redirect, [("code", code)], signIn.state, issuer)
    } catch {
      switch error {
      case .told(let sentence): return SignInPage.refusal(sentence)
      case .redirected(let target, let state, let error, let description):
        return redirect(
          to: target, [("error", error), ("error_description", description)], state, issuer)
      }
    }
  }

  private func people(
    of issuer: String
  ) throws(SignInRefusal) -> [DevelopmentIssuers.Person] {
    do {
      return try issuers.people(of: issuer)
    } catch {
      throw .told("\(error)")
    }
  }

  /// 303, so that the form is not posted to the client; with `iss` (RFC 9207).
  private func redirect(
    to target: RedirectURI, _ answer: [(name: String, value: String)], _ state: String?,
    _ issuer: String
  ) -> WebResponse {
    var answer = answer
    if let state { answer.append(("state", state)) }
    answer.append(("iss", DevelopmentIssuers.url(of: issuer)))
    return WebResponse(303, fields: [WebField("location", target.with(answer))])
  }

  private func token(_ request: WebRequest) throws -> WebResponse {
    let (issuer, _) = try issuer(request)
    do {
      // The client has no secret to show.
      guard request.field("authorization") == nil else {
        throw TokenRequest.Refusal("invalid_client", "the client has no secret")
      }
      let wanted = try TokenRequest(Parameters(try request.form().fields))
      let now = clock.now()
      guard let signIn = codes.redeem(wanted.code, at: now), wanted.fits(signIn, at: issuer),
        let answer = try tokens(signIn, now)
      else { throw TokenRequest.Refusal.grant }
      return answer
    } catch let refusal as TokenRequest.Refusal {
      return .json(
        JSONText.object([
          ("error", JSONText.string(refusal.error)),
          ("error_description", JSONText.string(refusal.description)),
        ]), status: 400)
    }
  }

  /// Nil: people.yaml names the person no more.
  private func tokens(
    _ signIn: AuthorizationCodes.SignIn, _ now: Timestamp
  ) throws -> WebResponse? {
    guard
      let access = try issuers.accessToken(
        of: signIn.person, at: signIn.issuer, now: now, lifetime: tokenLifetime),
      let identity = try issuers.identityToken(
        of: signIn.person, at: signIn.issuer, for: SignInRequest.client,
        nonce: signIn.request.nonce, signedIn: signIn.moment, now: now, lifetime: tokenLifetime)
    else { return nil }
    return .json(
      JSONText.object([
        ("access_token", JSONText.string(access)), ("token_type", JSONText.string("Bearer")),
        ("expires_in", "\(tokenLifetime.components.seconds)"), ("scope", JSONText.string("openid")),
        ("id_token", JSONText.string(identity)),
      ]))
  }
}
