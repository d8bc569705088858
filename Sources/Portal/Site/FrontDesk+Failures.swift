internal import Logging
internal import RPC
internal import ServiceKit
internal import Web

extension FrontDesk {
  /// As `failed`; a token that the API takes no more ends the session.
  func failedSignedIn(
    _ error: any Error, _ reader: Reader, _ visit: Visit?, _ request: WebRequest
  ) async -> WebResponse {
    guard let error = error as? RPCError, error.code == .unauthenticated, let visit else {
      return failed(error, reader, visit, method: request.method)
    }
    logger.log(.notice, "the API takes a session's token no more", .reason("UNAUTHENTICATED"))
    try? await sessions.end(visit.session.id)
    var response =
      request.method == .get
      ? toSignIn(request) : failed(error, reader, nil, method: request.method)
    response.fields.append(Self.sessionCookie.removal)
    return response
  }

  /// The page that says what went wrong. Only what is our own fault is logged, and never what a
  /// person or the API wrote.
  func failed(
    _ error: any Error, _ reader: Reader, _ visit: Visit?, method: WebRequest.Method
  ) -> WebResponse {
    let failure = Failure(error)
    if let fault = error as? SignInFault {
      logger.log(.notice, "nobody was signed in", .reason(fault.reason))
    } else if failure.status == 500 {
      logger.log(.error, "a page failed", .method("\(type(of: error))"))
    }
    return page(of: failure, reader, visit, method: method)
  }

  private func page(
    of failure: Failure, _ reader: Reader, _ visit: Visit?, method: WebRequest.Method
  ) -> WebResponse {
    let texts = renderer.texts(reader.language)
    // What failed to show is no place to go back to.
    let model = FailurePage(failure, texts, returnTo: "/")
    var page = Page("failure", title: texts("failure.\(failure.word).title"), model)
    page.status = failure.status
    var response = renderer.html(page, for: reader, visit)
    if let wait = failure.retryAfter {
      let seconds = wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)
      response.fields.append(WebField("retry-after", "\(max(1, seconds))"))
    }
    return response
  }

  /// What the listener itself refuses: a page for people, nothing but the status for streams.
  func tell(_ error: WebError, _ fields: [WebField]) -> WebResponse {
    let field = fields.first { $0.name == "accept-language" }?.value
    let reader = Reader(language: Language(acceptLanguage: field), zone: .utc, here: "/")
    var response = page(of: Failure(error), reader, nil, method: .get)
    response.fields += error.fields
    return response
  }
}
