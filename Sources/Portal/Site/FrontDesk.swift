internal import Domain
internal import Logging
internal import ServiceKit
internal import Web

/// Lets people in, keeps others out, and answers in their language when something goes wrong.
struct FrontDesk: Sendable {
  let sessions: Sessions
  let signIn: SignIn
  let refreshes: Refreshes
  let clients: ServiceClients
  let renderer: Renderer
  let formGuard: FormGuard
  let clock: any WallClock
  let logger: Logger

  /// The session's id, and nothing else.
  static let sessionCookie = HostCookie("__Host-session")
  /// The sign-in that is under way.
  static let attemptCookie = HostCookie("__Host-sign-in")
  /// What the next page says once.
  static let noticeCookie = HostCookie("__Host-notice")
  /// A page that asks by itself: nobody is there for it.
  static let liveField = "x-lockbox-live"

  /// Before its end a token is exchanged for a new one.
  private static let refreshBefore = Duration.seconds(60)

  // MARK: - Who it is

  func sessionID(_ request: WebRequest) -> SessionID? {
    request.cookie(Self.sessionCookie.name).flatMap { SessionID(cookie: $0) }
  }

  /// The session of a request, its token good for a while; nil where nobody is signed in.
  ///
  /// - Parameter isPresence: false for what a page asks by itself: a page that is left open must not
  ///   keep its session.
  func visit(_ request: WebRequest, isPresence: Bool = true) async throws -> Visit? {
    let isPresence = isPresence && request.field(Self.liveField) == nil
    guard let id = sessionID(request),
      var session = try await sessions.find(id, isPresence: isPresence)
    else { return nil }
    if session.signedIn.refreshToken != nil,
      session.signedIn.tokenEnd <= clock.now() + Self.refreshBefore
    {
      guard let refreshed = try await refreshes.refreshed(session, by: signIn) else { return nil }
      session = refreshed
    }
    let token = session.signedIn.token
    guard let organisation = signIn.organisation(session.signedIn.organisation),
      let person = try await person(token)
    else {
      try await sessions.end(session.id)
      return nil
    }
    let reader = Reader(request)
    return Visit(
      request: request, session: session, person: person,
      organisationName: organisation.client.name, api: PersonAPI(clients: clients, token: token),
      texts: renderer.texts(reader.language), reader: reader, now: clock.now())
  }

  /// Whose token it is; nil where it is nobody's any more.
  ///
  /// - Throws: where that cannot be said now, since the issuer's keys are not to be had.
  private func person(_ token: String) async throws -> VerifiedPerson? {
    do throws(TokenRefusal) {
      return try await signIn.authenticator.person(of: Array(token.utf8))
    } catch {
      guard error == .keyUnknown || error == .keysTooOld else { return nil }
      throw SignInFault.unreachable("its keys are not to be had")
    }
  }

  // MARK: - Answering

  func show(
    _ request: WebRequest, _ handler: @Sendable (Visit) async throws -> Reply
  ) async -> WebResponse {
    let reader = Reader(request)
    var known: Visit?
    do {
      guard let visit = try await visit(request) else { return toSignIn(request) }
      known = visit
      return finish(try await handler(visit), visit)
    } catch {
      return await failedSignedIn(error, reader, known, request)
    }
  }

  func act(
    _ request: WebRequest, _ handler: @Sendable (Visit, WebForm) async throws -> Reply
  ) async -> WebResponse {
    let reader = Reader(request)
    var known: Visit?
    do {
      guard let visit = try await visit(request) else { throw Failure.signedOut }
      known = visit
      let form = try request.form()
      // The id that the form was made with: a refreshed session may have another one by now.
      try formGuard.check(request, form, sessionID(request) ?? visit.session.id)
      return finish(try await handler(visit, form), visit)
    } catch {
      return await failedSignedIn(error, reader, known, request)
    }
  }

  private func finish(_ reply: Reply, _ visit: Visit) -> WebResponse {
    var response: WebResponse
    switch reply {
    case .page(let page):
      let notice = visit.request.cookie(Self.noticeCookie.name)
      response = renderer.html(page, for: visit.reader, visit, notice: notice)
      response.fields += page.fields
      if notice != nil { response.fields.append(Self.noticeCookie.removal) }
    case .seeOther(let path, let notice):
      response = .seeOther(path)
      if let notice {
        response.fields.append(Self.noticeCookie.set(notice, for: .seconds(60)))
      }
    case .farewell(let page):
      response = renderer.html(page, for: visit.reader, nil)
      response.fields.append(Self.sessionCookie.removal)
      return response
    case .file(let type, let name, let bytes):
      response = WebResponse(
        type: type, body: bytes,
        fields: [WebField("content-disposition", "attachment; filename=\"\(Self.plain(name))\"")])
    }
    return withID(of: visit, response)
  }

  /// A file's name without anything that a header or a file system could take for more.
  static func plain(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
  }

  /// Tells the browser its new id, where the session has one.
  private func withID(of visit: Visit, _ response: WebResponse) -> WebResponse {
    guard sessionID(visit.request) != visit.session.id else { return response }
    var response = response
    response.fields.append(Self.sessionCookie.set(visit.session.id.cookie))
    return response
  }

  func toSignIn(_ request: WebRequest) -> WebResponse {
    let here = OwnPath(request)
    let query = here == .home ? "" : "?" + FormText.text([WebField("return", here.text)])
    return .seeOther("/sign-in" + query)
  }

  // MARK: - Live pages

  func live(_ request: WebRequest, _ hub: LiveHub) async throws -> WebEvents {
    guard let visit = try? await visit(request, isPresence: false) else {
      throw WebError(401, "SIGNED_OUT", "nobody is signed in")
    }
    let key = visit.session.id.key
    let (clock, end) = (clock, visit.session.endTime)
    return WebEvents(owner: key.bytes) { writer in
      guard let page = hub.open(key, visit.api) else {
        // The page then loads anew by itself now and then.
        return try await writer.send(WebEvent("full"))
      }
      defer { hub.close(page) }
      try await writer.send(WebEvent("ready"))
      for await _ in page.signals {
        guard clock.now() < end else { return }
        try await writer.send(WebEvent("change"))
        // A burst of changes is one.
        try await Task.sleep(for: .milliseconds(500))
      }
    }
  }
}
