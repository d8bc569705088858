internal import StrictJSON
internal import TestKit
internal import Testing

@testable internal import Development
@testable internal import Web

@Suite("The authorization endpoint")
struct AuthorizationTests {
  @Test("its page lists the issuer's people, and nobody else's")
  func page() async throws {
    let issuer = try await IssuerFixture()
    let response = try await issuer.get(
      "/acme/authorize", IssuerFixture.asked.map { WebField($0.key, $0.value) })
    #expect(response.status == 200)
    for name in ["Ana Approver", "Abe Approver", "Adam Admin", "Alma Auditor"] {
      #expect(response.text.contains("<strong>\(name)</strong>"))
    }
    #expect(!response.text.contains("Erin") && !response.text.contains("Gina"))
    #expect(!response.text.contains("<script"))
    let policy = try #require(response.field("content-security-policy"))
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(policy.contains("form-action 'self' https://localhost:7710;"))
  }

  @Test("what the client sent cannot become markup")
  func escaping() async throws {
    let issuer = try await IssuerFixture()
    var asked = IssuerFixture.asked
    asked["state"] = #""><script>alert('x')</script>"#
    let response = try await issuer.get(
      "/acme/authorize", asked.map { WebField($0.key, $0.value) })
    #expect(!response.text.contains("<script>"))
    #expect(response.text.contains("&quot;&gt;&lt;script&gt;"))
  }

  @Test("whoever is chosen is taken back with a code, the state and the issuer")
  func chosen() async throws {
    let issuer = try await IssuerFixture()
    var form = IssuerFixture.asked
    form["person"] = "ana"
    form["state"] = "a b&c=d%é"
    let answer = try Answer(try await issuer.post("/acme/authorize", form))
    #expect(answer.target == IssuerFixture.redirect)
    #expect(Set(answer.parameters.keys) == ["code", "state", "iss"])
    #expect(answer.parameters["state"] == "a b&c=d%é")
    #expect(answer.parameters["iss"] == "https://acme.lockbox.test")
  }

  @Test("another issuer's person is nobody here", arguments: ["erin", "gina", "nobody", "../acme"])
  func stranger(person: String) async throws {
    let issuer = try await IssuerFixture()
    var form = IssuerFixture.asked
    form["person"] = person
    #expect(try await issuer.post("/acme/authorize", form).status == 400)
  }

  @Test(
    "a client or redirect that is not registered is sent nowhere",
    arguments: [
      ["client_id": "somebody"], ["client_id": ""],
      ["redirect_uri": "https://evil.example/"], ["redirect_uri": ""],
      ["redirect_uri": IssuerFixture.redirect + "/"],
      ["redirect_uri": IssuerFixture.redirect + "?x=1"],
      ["redirect_uri": "https://localhost:7710/Sign-in/callback"],
      ["redirect_uri": "https://localhost:7710.evil.example/sign-in/callback"],
    ])
  func nowhere(change: [String: String]) async throws {
    let issuer = try await IssuerFixture()
    var form = IssuerFixture.asked.merging(change) { $1 }
    form["person"] = "ana"
    let response = try await issuer.post("/acme/authorize", form)
    #expect(response.status == 400 && response.field("location") == nil)
    #expect(response.field("content-security-policy")?.contains("form-action 'none'") == true)
  }

  @Test("each issuer sends people back to its own address")
  func ownRedirect() async throws {
    let issuer = try await IssuerFixture([
      "issuer.redirect_uris=https://localhost:1/sign-in/{issuer}/callback"
    ])
    for name in ["acme", "globex"] {
      var form = IssuerFixture.asked
      form["redirect_uri"] = "https://localhost:1/sign-in/globex/callback"
      let status = try await issuer.post("/\(name)/authorize", form).status
      #expect(status == (name == "globex" ? 200 : 400))
    }
  }

  struct Wrong: CustomTestStringConvertible, Sendable {
    let name: String
    let value: String
    let error: String

    init(_ name: String, _ value: String, _ error: String) {
      self.name = name
      self.value = value
      self.error = error
    }

    var testDescription: String { "\(name)=\(value.prefix(40))" }
  }

  @Test(
    "every other mistake is told to the client",
    arguments: [
      Wrong("response_type", "token", "unsupported_response_type"),
      Wrong("response_type", "code id_token", "unsupported_response_type"),
      Wrong("response_type", "", "unsupported_response_type"),
      Wrong("response_mode", "fragment", "invalid_request"),
      Wrong("scope", "profile", "invalid_scope"),
      Wrong("scope", "", "invalid_scope"),
      Wrong("code_challenge_method", "plain", "invalid_request"),
      Wrong("code_challenge_method", "", "invalid_request"),
      Wrong("code_challenge", "", "invalid_request"),
      Wrong("code_challenge", "short", "invalid_request"),
      Wrong("code_challenge", String(repeating: "+", count: 43), "invalid_request"),
      Wrong("code_challenge", String(repeating: "A", count: 44), "invalid_request"),
      Wrong("nonce", String(repeating: "n", count: 1_025), "invalid_request"),
      Wrong("state", String(repeating: "s", count: 1_025), "invalid_request"),
      Wrong("request", "eyJ", "request_not_supported"),
      Wrong("request_uri", "https://x.example", "request_uri_not_supported"),
      Wrong("registration", "{}", "registration_not_supported"),
      Wrong("prompt", "none", "login_required"),
    ])
  func refused(_ wrong: Wrong) async throws {
    let issuer = try await IssuerFixture()
    var form = IssuerFixture.asked
    form[wrong.name] = wrong.value
    form["person"] = "ana"
    let answer = try Answer(try await issuer.post("/acme/authorize", form))
    #expect(answer.target == IssuerFixture.redirect)
    #expect(answer.parameters["error"] == wrong.error)
    #expect(answer.parameters["code"] == nil)
    #expect(answer.parameters["iss"] == "https://acme.lockbox.test")
    #expect(answer.parameters["state"] == (wrong.name == "state" ? nil : "the state"))
  }

  @Test("a parameter that is sent twice is refused", arguments: IssuerFixture.asked.keys.sorted())
  func repeated(name: String) async throws {
    let issuer = try await IssuerFixture()
    var form = IssuerFixture.asked
    form["person"] = "ana"
    let value = try #require(form[name])
    let response = try await issuer.post("/acme/authorize", form, more: [WebField(name, value)])
    if ["client_id", "redirect_uri"].contains(name) {
      #expect(response.status == 400)
    } else {
      #expect(try Answer(response).parameters["error"] == "invalid_request")
    }
  }

  @Test(
    "there is no issuer but those that were made", arguments: ["umbrella", "..", "acme.key", ""])
  func unknownIssuer(name: String) async throws {
    let issuer = try await IssuerFixture()
    for path in ["authorize", "keys", ".well-known/openid-configuration"] {
      await #expect(throws: WebError.notFound) { try await issuer.get("/\(name)/\(path)") }
    }
  }

  @Test("the issuer says what it can, under the name that its tokens bear")
  func document() async throws {
    let issuer = try await IssuerFixture(["issuer.url=https://localhost:9999"])
    let document = try await issuer.get("/globex/.well-known/openid-configuration").json()
    #expect(document["issuer"]?.string == "https://globex.lockbox.test")
    #expect(
      document["authorization_endpoint"]?.string == "https://localhost:9999/globex/authorize")
    #expect(document["token_endpoint"]?.string == "https://localhost:9999/globex/token")
    #expect(document["jwks_uri"]?.string == "https://localhost:9999/globex/keys")
    #expect(document["code_challenge_methods_supported"]?.strings == ["S256"])
    let keys = try await issuer.get("/globex/keys").json()
    #expect(keys["keys"]?.array?.first?["kid"]?.string == "dev-globex")
  }
}
