internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import Synchronization
internal import TLS
internal import TestKit
internal import Web

/// An organisation's identity provider, over real TLS, honest unless it is told otherwise.
final class FakeIssuer: Sendable {
  struct Behaviour: Sendable {
    var subject = "ana"
    var roles = ["approver"]
    var groups = ["approvers"]
    var lifetime = Duration.seconds(3_600)
    /// What its answer says of who answers; nil: nothing.
    var named: String?
    var promisesName = true
    var offersRefresh = false
    var nonce: String?
    var idSubject: String?
    var idAudience = FakeIssuer.client
    var idIssuer: String?
    var tokenStatus = 200
    var refuses = false
  }

  private struct Code: Sendable {
    let challenge: String
    let nonce: String
    let redirect: String
  }

  private struct State {
    var behaviour: Behaviour
    var codes: [String: Code] = [:]
    var refreshTokens: Set<String> = []
    var asked: [[WebField]] = []
    var next = 0
    var refreshes = 0
    var tokens: [String] = []
  }

  static let client = "lockbox-portal"
  private let state: Mutex<State>
  private let issuer: TestIssuer
  private let clock: FakeClock
  private let listener: Mutex<HTTPSListener?>
  private let bound = Mutex("")

  init(_ issuer: TestIssuer, in installation: TestInstallation) async throws {
    self.issuer = issuer
    clock = installation.clock
    state = Mutex(State(behaviour: Behaviour(named: issuer.url)))
    listener = Mutex(nil)
    let files = installation.pki.files("issuer", uri: nil)
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    tls.speaksHTTP()
    var routes = WebRoutes()
    add(to: &routes)
    let server = HTTPSListener(
      routes, on: Address(host: "127.0.0.1", port: 0), addressKey: "address",
      tls: try TLSContext(tls), authorizer: nil, clock: clock, logger: LogCapture().logger())
    let address = try await server.start()
    listener.withLock { $0 = server }
    bound.withLock { $0 = "\(address)" }
  }

  var url: String { "https://\(bound.withLock { $0 })" }
  var configurationURL: String { url + "/.well-known/openid-configuration" }

  func behave(_ change: (inout Behaviour) -> Void) {
    state.withLock { change(&$0.behaviour) }
  }

  /// The parameters of each authorization request.
  var asked: [[WebField]] { state.withLock { $0.asked } }
  var refreshes: Int { state.withLock { $0.refreshes } }
  /// Every token that it gave: none may be in a log.
  var tokens: [String] { state.withLock { $0.tokens } }

  func stop() async throws {
    guard let server = listener.withLock({ $0.take() }) else { return }
    server.shutdown()
    try await server.run()
  }

  private func add(to routes: inout WebRoutes) {
    routes.add(
      .get, "/.well-known/openid-configuration", name: "issuer/Configuration", callers: .anybody
    ) { [self] _ in
      let promises = state.withLock { $0.behaviour.promisesName }
      return .json(
        """
        {"issuer":"\(issuer.url)","authorization_endpoint":"\(url)/authorize",\
        "token_endpoint":"\(url)/token","end_session_endpoint":"\(url)/end",\
        "authorization_response_iss_parameter_supported":\(promises)}
        """)
    }
    routes.add(.get, "/authorize", name: "issuer/Authorize", callers: .anybody) { [self] in
      authorize($0)
    }
    routes.add(.post, "/token", name: "issuer/Token", callers: .anybody) { [self] in
      try token($0.form())
    }
  }

  private func authorize(_ request: WebRequest) -> WebResponse {
    state.withLock { state in
      state.asked.append(request.query)
      state.next += 1
      let code = "code-\(state.next)"
      let redirect = request.query("redirect_uri") ?? ""
      state.codes[code] = Code(
        challenge: request.query("code_challenge") ?? "", nonce: request.query("nonce") ?? "",
        redirect: redirect)
      var answer =
        state.behaviour.refuses ? [WebField("error", "access_denied")] : [WebField("code", code)]
      answer.append(WebField("state", request.query("state") ?? ""))
      if let named = state.behaviour.named { answer.append(WebField("iss", named)) }
      return .seeOther(redirect + "?" + FormText.text(answer))
    }
  }

  private func token(_ form: WebForm) throws -> WebResponse {
    try state.withLock { state in
      guard state.behaviour.tokenStatus == 200 else {
        return .json("{}", status: state.behaviour.tokenStatus)
      }
      var nonce: String?
      switch form["grant_type"] {
      case "authorization_code":
        guard let code = state.codes.removeValue(forKey: form["code"] ?? ""),
          form["redirect_uri"] == code.redirect, form["client_id"] == Self.client,
          Base64URL.encode(Sha256.digest(Array((form["code_verifier"] ?? "").utf8)))
            == code.challenge
        else { return .json(#"{"error":"invalid_grant"}"#, status: 400) }
        nonce = code.nonce
      case "refresh_token":
        guard state.refreshTokens.remove(form["refresh_token"] ?? "") != nil else {
          return .json(#"{"error":"invalid_grant"}"#, status: 400)
        }
        state.refreshes += 1
      default: throw WebError.notFound
      }
      return .json(answer(nonce, &state))
    }
  }

  private func answer(_ nonce: String?, _ state: inout State) -> String {
    let now = clock.now()
    let behaviour = state.behaviour
    let access = issuer.token(
      subject: behaviour.subject, roles: behaviour.roles, groups: behaviour.groups, at: now,
      lifetime: behaviour.lifetime)
    var claims = issuer.claims(
      subject: behaviour.idSubject ?? behaviour.subject, roles: [], at: now,
      lifetime: behaviour.lifetime)
    claims["aud"] = .string(behaviour.idAudience)
    if let other = behaviour.idIssuer { claims["iss"] = .string(other) }
    if let nonce { claims["nonce"] = .string(behaviour.nonce ?? nonce) }
    let id = issuer.token(claims: .object(claims))
    var refresh = ""
    if behaviour.offersRefresh {
      state.next += 1
      let token = "refresh-\(state.next)"
      state.refreshTokens.insert(token)
      state.tokens.append(token)
      refresh = ",\"refresh_token\":\"\(token)\""
    }
    state.tokens += [access, id]
    return """
      {"access_token":"\(access)","token_type":"Bearer","id_token":"\(id)"\(refresh)}
      """
  }
}
