internal import Domain
internal import ProtobufC
internal import ServiceKit
internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Development
@testable internal import Web

@Suite("The token endpoint")
struct TokenTests {
  private func refusal(_ response: WebResponse) throws -> String? {
    #expect(response.status == 400)
    return try response.json()["error"]?.string
  }

  private func claims(_ token: String?) throws -> Json {
    let parts = try #require(token?.split(separator: "."))
    return try JsonParser.parse(try #require(Base64URL.decode(parts[1].utf8)))
  }

  @Test("a code becomes a token for the services and one for the client")
  func tokens() async throws {
    let issuer = try await IssuerFixture(["issuer.token_lifetime=30m"])
    let code = try await issuer.code()
    issuer.clock.advance(by: .seconds(5))
    let response = try await issuer.post("/acme/token", issuer.redeeming(code))
    #expect(response.status == 200)
    let answer = try response.json()
    #expect(answer["token_type"]?.string == "Bearer" && answer["expires_in"]?.integer == 1_800)

    let identity = try claims(answer["id_token"]?.string)
    #expect(identity["iss"]?.string == "https://acme.lockbox.test")
    #expect(identity["aud"]?.string == "lockbox-portal")
    #expect(identity["nonce"]?.string == "the nonce")
    #expect(
      identity["email"]?.string == "ana@acme.test" && identity["email_verified"] == .bool(true))
    let now = issuer.clock.now().seconds
    #expect(identity["auth_time"]?.integer == now - 5 && identity["exp"]?.integer == now + 1_800)

    let access = try claims(answer["access_token"]?.string)
    #expect(access["aud"]?.string == "lockbox" && access["nonce"] == nil)
    #expect(access["roles"]?.strings == ["approver"] && access["groups"]?.strings == ["approvers"])
  }

  @Test("the services take the access token for the person's, and the ID token for nobody's")
  func accepted() async throws {
    let issuer = try await IssuerFixture()
    let answer = try await issuer.post(
      "/provider/token", issuer.redeeming(try await issuer.code(of: "mia", at: "provider"))
    ).json()
    let directory = try await IssuerDirectory.load(
      issuer.home.file("dev/issuers.yaml"), environment: .development, clock: issuer.clock,
      logger: LogCapture().logger())
    let authenticator = Authenticator(issuers: directory, clock: issuer.clock)
    func verified(_ token: String) throws -> VerifiedPerson {
      try authenticator.authenticate(Array(try #require(answer[token]?.string).utf8))
    }
    let mia = try verified("access_token")
    #expect(mia.subject.id == "mia" && mia.roles == [.manager])
    #expect(throws: TokenRefusal.self) { try verified("id_token") }
  }

  @Test("a code is good once")
  func replay() async throws {
    let issuer = try await IssuerFixture()
    let form = issuer.redeeming(try await issuer.code())
    #expect(try await issuer.post("/acme/token", form).status == 200)
    #expect(try refusal(try await issuer.post("/acme/token", form)) == "invalid_grant")
  }

  @Test("a wrong try uses the code up")
  func usedUp() async throws {
    let issuer = try await IssuerFixture()
    let form = issuer.redeeming(try await issuer.code())
    let wrong = form.merging(["code_verifier": String(repeating: "w", count: 43)]) { $1 }
    #expect(try refusal(try await issuer.post("/acme/token", wrong)) == "invalid_grant")
    #expect(try refusal(try await issuer.post("/acme/token", form)) == "invalid_grant")
  }

  @Test("a code is good for a minute")
  func expiry() async throws {
    let issuer = try await IssuerFixture()
    let codes = [try await issuer.code(), try await issuer.code()]
    issuer.clock.advance(by: .seconds(60) - .nanoseconds(1))
    #expect(try await issuer.post("/acme/token", issuer.redeeming(codes[0])).status == 200)
    issuer.clock.advance(by: .nanoseconds(1))
    let late = try await issuer.post("/acme/token", issuer.redeeming(codes[1]))
    #expect(try refusal(late) == "invalid_grant")
  }

  @Test("of more codes than are kept the oldest are forgotten")
  func bounded() throws {
    let codes = AuthorizationCodes()
    let request = try SignInRequest(
      Parameters(IssuerFixture.asked.map { WebField($0.key, $0.value) }),
      redirects: [try #require(RedirectURI(IssuerFixture.redirect))])
    let start = FakeClock().now()
    let given = (0...AuthorizationCodes.most).map { index in
      codes.give(
        AuthorizationCodes.SignIn(
          issuer: "acme", person: "ana", request: request, moment: start + .milliseconds(index)))
    }
    #expect(Set(given).count == given.count)
    #expect(codes.redeem(given[0], at: start) == nil)
    #expect(codes.redeem(given[1], at: start) != nil)
  }

  @Test("another issuer's code is not good")
  func otherIssuer() async throws {
    let issuer = try await IssuerFixture()
    let form = issuer.redeeming(try await issuer.code(of: "gina", at: "globex"))
    #expect(try refusal(try await issuer.post("/acme/token", form)) == "invalid_grant")
  }

  @Test(
    "every wrong parameter is refused",
    arguments: [
      ("grant_type", "password", "unsupported_grant_type"),
      ("grant_type", "", "unsupported_grant_type"),
      ("client_id", "somebody", "invalid_client"), ("client_id", "", "invalid_client"),
      ("client_secret", "guess", "invalid_client"),
      ("code", "", "invalid_request"), ("code", "guess", "invalid_grant"),
      ("code_verifier", "", "invalid_request"), ("code_verifier", "short", "invalid_grant"),
      ("code_verifier", IssuerFixture.challenge, "invalid_grant"),
      ("code_verifier", IssuerFixture.verifier + "v", "invalid_grant"),
      ("redirect_uri", "", "invalid_request"),
      ("redirect_uri", "https://localhost:7710/", "invalid_grant"),
    ])
  func refused(name: String, value: String, error: String) async throws {
    let issuer = try await IssuerFixture()
    var form = issuer.redeeming(try await issuer.code())
    form[name] = value
    #expect(try refusal(try await issuer.post("/acme/token", form)) == error)
  }

  @Test("a parameter twice, a secret in the header and another media type are refused")
  func forms() async throws {
    let issuer = try await IssuerFixture()
    let form = issuer.redeeming(try await issuer.code())
    let twice = try await issuer.post("/acme/token", form, more: [WebField("code", "x")])
    #expect(try refusal(twice) == "invalid_request")
    let basic = try await issuer.post(
      "/acme/token", form, headers: [WebField("authorization", "Basic eDp5")])
    #expect(try refusal(basic) == "invalid_client")
    await #expect(throws: WebError.self) {
      let token = try #require(issuer.routes.all.first { $0.name == "issuer/GetToken" })
      return try await token.handler(
        WebRequest(
          method: .post, segments: [], parameters: ["issuer": "acme"], rest: [], query: [],
          fields: [WebField("content-type", "application/json")], body: Array("{}".utf8),
          peer: nil, trace: nil, admitted: nil))
    }
  }
}
