internal import Logging
internal import ServiceKit
internal import Web

/// Choosing an organisation, going there, coming back, and leaving.
struct SignInPages: Sendable {
  let desk: FrontDesk

  func add(to site: inout Site) {
    site.openPage("/sign-in", "SignIn") { try await choose($0) }
    site.openPage("/sign-in/:organisation", "SignInBegin") { try await begin($0) }
    site.openPage("/sign-in/:organisation/callback", "SignInCallback") { try await finish($0) }
    site.action("/sign-out", "SignOut") { visit, _ in try await leave(visit) }
  }

  /// The view model of `sign-in.mustache`.
  struct Choice: Sendable {
    struct Entry: Sendable {
      let path: String
      let name: String
    }

    let organisations: [Entry]
  }

  private func choose(_ request: WebRequest) async throws -> WebResponse {
    let reader = Reader(request)
    let texts = desk.renderer.texts(reader.language)
    let returnTo = request.query("return").flatMap { OwnPath($0) } ?? .home
    let query = returnTo == .home ? "" : "?" + FormText.text([WebField("return", returnTo.text)])
    if let wanted = request.query("organisation") {
      guard let organisation = desk.signIn.organisation(wanted) else {
        throw SignInFault.organisationUnknown
      }
      return .seeOther("/sign-in/\(organisation.id)" + query)
    }
    let entries = desk.signIn.organisations.map { organisation in
      Choice.Entry(path: "/sign-in/\(organisation.id)" + query, name: organisation.client.name)
    }
    let page = Page("sign-in", title: texts("sign_in.title"), Choice(organisations: entries))
    return desk.renderer.html(page, for: reader, nil)
  }

  /// The view model of `signed-out.mustache`.
  struct Farewell: Sendable {
    /// Where the issuer ends its own session, and nil where it says nothing of that.
    let issuerPath: String?
    let organisation: String
  }

  private func leave(_ visit: Visit) async throws -> Reply {
    try await desk.sessions.end(visit.session.id)
    let model = Farewell(
      issuerPath: await desk.signIn.endSession(visit.session.signedIn.organisation),
      organisation: visit.organisationName)
    return .farewell(Page("signed-out", title: visit.texts("sign_out.title"), model))
  }

  private func begin(_ request: WebRequest) async throws -> WebResponse {
    let returnTo = request.query("return").flatMap { OwnPath($0) } ?? .home
    let beginning = try await desk.signIn.begin(
      request.parameters["organisation"] ?? "", returnTo: returnTo, address: request.address)
    var response = WebResponse.seeOther(beginning.location)
    response.fields.append(
      FrontDesk.attemptCookie.set(beginning.id.cookie, for: SignIn.patience))
    return response
  }

  private func finish(_ request: WebRequest) async throws -> WebResponse {
    let attempt = request.cookie(FrontDesk.attemptCookie.name).flatMap { SessionID(cookie: $0) }
    let finished = try await desk.signIn.finish(
      request.parameters["organisation"] ?? "", request.query, attempt: attempt,
      replacing: desk.sessionID(request))
    let organisation = desk.signIn.organisation(finished.session.signedIn.organisation)
    desk.logger.log(.info, "signed in", .issuer(organisation?.client.issuer.url ?? ""))
    var response = WebResponse.seeOther(finished.returnTo.text)
    response.fields += [
      FrontDesk.sessionCookie.set(finished.session.id.cookie), FrontDesk.attemptCookie.removal,
    ]
    return response
  }
}
