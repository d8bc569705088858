internal import Domain
internal import ServiceKit
internal import Web

/// Signs people in at their organisation's issuer: OpenID Connect's code flow with PKCE.
///
/// An answer must fit the attempt that the same browser has begun: its state, the organisation in
/// the redirect address (each has one of its own), the issuer where it names itself, and the nonce
/// in the ID token. An attempt is given out once, so an answer counts once.
struct SignIn: Sendable {
  let organisations: [Organisation]
  let sessions: Sessions
  let authenticator: Authenticator
  let throttle: SignInThrottle
  let publicURL: HTTPSURL
  let clock: any WallClock

  /// How long somebody may take to sign in.
  static let patience = Duration.minutes(10)

  /// One issuer's people, and the way to them.
  struct Organisation: Sendable {
    let client: IssuerClient
    let directory: EndpointDirectory
    let tokens: TokenEndpoint

    var id: String { client.organisation }
  }

  /// A sign-in that begins: where the browser goes, and what it must bring back.
  struct Beginning: Sendable {
    let location: String
    /// Of the attempt, for the cookie.
    let id: SessionID
  }

  func organisation(_ id: String) -> Organisation? { organisations.first { $0.id == id } }

  func begin(
    _ id: String, returnTo: OwnPath, address: String?
  ) async throws -> Beginning {
    guard let organisation = organisation(id) else { throw SignInFault.organisationUnknown }
    try throttle.take(address)
    let endpoints = try await organisation.directory.endpoints()
    let attempt = SignInAttempt(organisation: id, returnTo: returnTo)
    let own = SessionID.random()
    try await sessions.store.insert(
      StoredAttempt(
        key: own.key, endTime: clock.now() + Self.patience,
        sealed: SessionSeal(own).seal(attempt.sealable)))
    let query = FormText.text([
      WebField("response_type", "code"), WebField("client_id", organisation.client.clientID),
      WebField("redirect_uri", redirect(organisation)),
      WebField("scope", organisation.client.scope), WebField("state", attempt.state),
      WebField("nonce", attempt.nonce), WebField("code_challenge", attempt.challenge),
      WebField("code_challenge_method", "S256"),
    ])
    let url = endpoints.authorization
    return Beginning(
      location: url.description + (url.target.contains("?") ? "&" : "?") + query, id: own)
  }

  /// The one address of ours that an issuer may send people back to.
  func redirect(_ organisation: Organisation) -> String {
    "\(publicURL)/sign-in/\(organisation.id)/callback"
  }

  /// What came of a sign-in.
  struct Finished: Sendable {
    let session: Session
    let returnTo: OwnPath
  }

  /// Judges an answer, fetches the tokens, and begins the session.
  ///
  /// - Parameters:
  ///   - attempt: what the browser's cookie says; nil without one.
  ///   - old: the session that the browser had.
  func finish(
    _ id: String, _ query: [WebField], attempt own: SessionID?, replacing old: SessionID?
  ) async throws -> Finished {
    guard let organisation = organisation(id) else { throw SignInFault.organisationUnknown }
    guard let own, let stored = try await sessions.store.take(own.key),
      clock.now() < stored.endTime,
      let attempt = SessionSeal(own).open(stored.sealed).flatMap({ SignInAttempt($0) }),
      attempt.organisation == id, let state = only("state", query),
      ConstantTime.equal(Array(state.utf8), Array(attempt.state.utf8))
    else { throw SignInFault.attemptUnknown }
    let endpoints = try await organisation.directory.endpoints()
    let named = query.filter { $0.name == "iss" }.map(\.value)
    guard named.allSatisfy({ $0.utf8.elementsEqual(organisation.client.issuer.url.utf8) }),
      !endpoints.namesItself || named.count == 1
    else { throw SignInFault.issuerMixedUp }
    guard let code = only("code", query), !query.contains(where: { $0.name == "error" }) else {
      throw SignInFault.refused
    }
    let tokens = try await organisation.tokens.exchange(
      code, verifier: attempt.verifier, redirect: redirect(organisation), at: endpoints.token)
    let (signedIn, _) = try await judge(tokens, organisation, nonce: attempt.nonce)
    let session = try await sessions.begin(
      signedIn, endTime: signedIn.refreshToken == nil ? signedIn.tokenEnd : nil, replacing: old)
    return Finished(session: session, returnTo: attempt.returnTo)
  }

  private func only(_ name: String, _ query: [WebField]) -> String? {
    let values = query.filter { $0.name == name }.map(\.value)
    return values.count == 1 ? values[0] : nil
  }

  /// Whether the tokens are of one person of this organisation, for us and for the API.
  ///
  /// - Parameter nonce: nil for refreshed ones.
  private func judge(
    _ tokens: TokenAnswer, _ organisation: Organisation, nonce: String?,
    refreshToken: String? = nil
  ) async throws(SignInFault) -> (SignedIn, VerifiedPerson) {
    let client = organisation.client
    let person: VerifiedPerson
    let token: String
    do throws(TokenRefusal) {
      var subject: SignedInSubject?
      if let idToken = tokens.idToken {
        subject = try await authenticator.signedIn(
          idToken: Array(idToken.utf8), from: client.issuer.url, client: client.clientID,
          nonce: nonce)
      } else if nonce != nil || client.apiToken == .idToken {
        throw .missing
      }
      token = client.apiToken == .idToken ? tokens.idToken ?? "" : tokens.accessToken
      person = try await authenticator.person(of: Array(token.utf8))
      guard subject.map({ $0.subject.id == person.subject.id }) ?? true,
        person.subject.issuer == client.issuer.url
      else { throw .issuerUnknown }
    } catch {
      throw error == .issuerUnknown ? .otherPerson : .tokenRefused(error)
    }
    return (
      SignedIn(
        organisation: organisation.id, token: token, tokenEnd: person.expiry,
        refreshToken: tokens.refreshToken ?? refreshToken), person
    )
  }

  // MARK: - Refreshing

  /// A session with a token that is good for a while, or nil where it has ended.
  ///
  /// A token that allows something else than the last one comes with a new session id.
  func refreshed(_ session: Session) async throws -> Session? {
    guard let refreshToken = session.signedIn.refreshToken,
      let organisation = organisation(session.signedIn.organisation)
    else {
      try await sessions.end(session.id)
      return nil
    }
    let before = try? await authenticator.person(of: Array(session.signedIn.token.utf8))
    do throws(SignInFault) {
      let endpoints = try await organisation.directory.endpoints()
      let tokens = try await organisation.tokens.refresh(refreshToken, at: endpoints.token)
      let (signedIn, person) = try await judge(
        tokens, organisation, nonce: nil, refreshToken: refreshToken)
      return try await settle(session, signedIn, before, person)
    } catch {
      switch error {
      case .unreachable where session.signedIn.tokenEnd > clock.now(): return session
      default:
        try await sessions.end(session.id)
        return nil
      }
    }
  }

  private func settle(
    _ session: Session, _ signedIn: SignedIn, _ before: VerifiedPerson?, _ after: VerifiedPerson
  ) async throws(SignInFault) -> Session? {
    guard before.map({ $0.subject.id == after.subject.id }) ?? false else { throw .otherPerson }
    do {
      guard before?.roles == after.roles, before?.groups == after.groups else {
        return try await sessions.elevate(session, signedIn)
      }
      return try await sessions.renew(session, signedIn)
    } catch {
      throw .unreachable("\(error)")
    }
  }

  /// Where the issuer ends its own session (OpenID Connect RP-Initiated Logout 1.0); nil where it
  /// says none.
  func endSession(_ organisation: String) async -> String? {
    guard let organisation = self.organisation(organisation) else { return nil }
    let endpoints = try? await organisation.directory.endpoints()
    return endpoints?.endSession.map { url in
      let query = FormText.text([
        WebField("client_id", organisation.client.clientID),
        WebField("post_logout_redirect_uri", "\(publicURL)/"),
      ])
      return url.description + (url.target.contains("?") ? "&" : "?") + query
    }
  }
}
