internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

@Suite("Portal: sign-in")
struct SignInTests {
  @Test("the code flow asks with S256, state and nonce, each fresh, and the exact redirect address")
  func asks() async throws {
    let fixture = try await PortalFixture()
    for _ in 0..<2 { _ = try await fixture.browser().signIn() }
    let asked = fixture.issuer.asked.map { query in
      Dictionary(uniqueKeysWithValues: query.map { ($0.name, $0.value) })
    }
    for query in asked {
      #expect(query["response_type"] == "code" && query["code_challenge_method"] == "S256")
      #expect(query["client_id"] == "lockbox-portal" && query["scope"] == "openid profile")
      #expect(query["redirect_uri"] == "https://portal.test/sign-in/contoso/callback")
    }
    for name in ["state", "nonce", "code_challenge"] {
      let values = Set(asked.map { $0[name] ?? "" })
      #expect(values.count == 2 && values.allSatisfy { $0.utf8.count == 43 }, "\(name)")
    }
    try await fixture.stop()
  }

  @Test("the person's own token goes to the API, and nothing else does")
  func ownToken() async throws {
    let fixture = try await PortalFixture()
    let ana = try await fixture.signedIn()
    fixture.issuer.behave { $0.subject = "bob" }
    let bob = try await fixture.signedIn()
    for browser in [ana, bob] { #expect(try await browser.ask("GET", "/requests").status == 200) }
    let used = Set(fixture.services.authorizations)
    #expect(used.count == 2)
    #expect(used.allSatisfy { fixture.issuer.tokens.map { "Bearer \($0)" }.contains($0) })
    let before = fixture.services.authorizations.count
    #expect(try await fixture.browser().ask("GET", "/requests").status == 303)
    #expect(fixture.services.authorizations.count == before, "nobody's call goes to the API")
    try await fixture.stop()
  }

  @Test("an answer counts once, in the browser that asked, while it waits")
  func replay() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    let back = try await browser.goToIssuer()
    let asked = browser.cookies
    let stranger = fixture.browser()
    #expect(try await stranger.ask("GET", back).status == 400, "another browser")
    #expect(stranger.session == nil)
    #expect(try await browser.ask("GET", back).status == 303)
    browser.cookies = asked
    #expect(try await browser.ask("GET", back).status == 400, "a second time")
    #expect(browser.session == nil)

    let slow = fixture.browser()
    let late = try await slow.goToIssuer()
    fixture.clock.advance(by: SignIn.patience)
    #expect(try await slow.ask("GET", late).status == 400, "too late")
    try await fixture.stop()
  }

  @Test("of two sign-ins in one browser only the latest counts, and each code fits its own")
  func swappedCodes() async throws {
    let fixture = try await PortalFixture()
    let (victim, attacker) = (fixture.browser(), fixture.browser())
    let own = try await victim.goToIssuer()
    let foreign = try await attacker.goToIssuer()
    // The attacker's code under the victim's state: PKCE does not fit.
    let code = try #require(foreign.split(separator: "code=").last?.prefix { $0 != "&" })
    let mixed = own.replacing(#/code=[^&]*/#, with: "code=\(code)")
    #expect(try await victim.ask("GET", mixed).status == 502)
    #expect(victim.session == nil)
    #expect(try await victim.ask("GET", foreign).status == 400, "the attempt is spent")
    try await fixture.stop()
  }

  @Test("state is compared whole, and stands once")
  func state() async throws {
    let fixture = try await PortalFixture()
    let changes: [(String) -> String] = [
      { $0.replacing(#/state=[^&]*/#, with: "state=x") },
      { $0.replacing(#/&state=[^&]*/#, with: "") },
      { $0.replacing(#/state=(.)[^&]*/#, with: { "state=\($0.1)" }) },
      { $0 + "&state=x" },
    ]
    for (index, change) in changes.enumerated() {
      let browser = fixture.browser()
      let back = try await browser.goToIssuer()
      #expect(try await browser.ask("GET", change(back)).status == 400, "\(index)")
      #expect(browser.session == nil)
    }
    try await fixture.stop()
  }

  @Test("another issuer's answer is refused before its code is used (mix-up)")
  func mixUp() async throws {
    let fixture = try await PortalFixture()
    let cases: [(named: String?, promises: Bool, isTaken: Bool)] = [
      (fixture.installation.contoso.url, true, true),
      ("https://evil.example", true, false), ("https://evil.example", false, false),
      (nil, true, false), (nil, false, true),
      (fixture.installation.contoso.url + "/", true, false), ("", false, false),
    ]
    for (named, promises, isTaken) in cases {
      fixture.issuer.behave {
        $0.named = named
        $0.promisesName = promises
      }
      fixture.clock.advance(by: .hours(2))
      let browser = fixture.browser()
      let status = try await browser.ask("GET", browser.goToIssuer()).status
      #expect(status == (isTaken ? 303 : 400), "\(named ?? "none") \(promises)")
      #expect((browser.session != nil) == isTaken)
    }
    try await fixture.stop()
  }

  @Test("a token that is not of this sign-in, for us, of one person signs nobody in")
  func badTokens() async throws {
    let cases: [(String, @Sendable (inout FakeIssuer.Behaviour) -> Void)] = [
      ("another nonce", { $0.nonce = "x" }), ("no nonce", { $0.nonce = "" }),
      ("another client's", { $0.idAudience = "other" }),
      ("the API's", { $0.idAudience = "lockbox" }),
      ("another person's", { $0.idSubject = "bob" }),
      ("another issuer's", { $0.idIssuer = "https://login.provider.test" }),
      ("over already", { $0.lifetime = .seconds(-60) }),
      ("for longer than a day", { $0.lifetime = .hours(25) }),
      ("none at all", { $0.tokenStatus = 500 }),
    ]
    let fixture = try await PortalFixture()
    for (what, change) in cases {
      fixture.clock.advance(by: .minutes(2))
      fixture.issuer.behave {
        $0 = FakeIssuer.Behaviour(named: fixture.installation.contoso.url)
        change(&$0)
      }
      let browser = fixture.browser()
      let answer = try await browser.ask("GET", browser.goToIssuer())
      #expect([502, 503].contains(answer.status), "\(what)")
      #expect(browser.session == nil, "\(what)")
    }
    try await fixture.stop()
  }

  @Test("an issuer that says no, or is away, gets a kind page")
  func refused() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.refuses = true }
    let browser = fixture.browser()
    let answer = try await browser.ask("GET", browser.goToIssuer())
    #expect(answer.status == 403 && answer.body.contains("did not confirm"))
    #expect(try await browser.ask("GET", "/sign-in/nobody").status == 404)
    try await fixture.issuer.stop()
    fixture.clock.advance(by: .hours(2))
    #expect(try await browser.ask("GET", "/sign-in/contoso").status == 503)
    try await fixture.stop()
  }

  @Test("the organisations are listed, or named in the address")
  func chooser() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    let list = try await browser.ask("GET", "/sign-in?return=/requests")
    #expect(list.status == 200 && list.body.contains("Contoso &lt;Ltd&gt;"))
    #expect(list.body.contains("href=\"/sign-in/contoso?return=%2Frequests\""))
    let named = try await browser.ask("GET", "/sign-in?organisation=contoso&return=/requests")
    #expect(named.fields["location"] == "/sign-in/contoso?return=%2Frequests")
    #expect(try await browser.ask("GET", "/sign-in?organisation=nobody").status == 404)
    try await fixture.stop()
  }

  @Test("whoever wanted a page gets it after signing in")
  func returnsTo() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    let sent = try await browser.ask("GET", "/requests?show=closed")
    #expect(sent.fields["location"] == "/sign-in?return=%2Frequests%3Fshow%3Dclosed")
    let answer = try await browser.signIn("/sign-in/contoso?return=%2Frequests%3Fshow%3Dclosed")
    #expect(answer.fields["location"] == "/requests?show=closed")
    try await fixture.stop()
  }

  @Test(
    "no address leads anywhere else after signing in (open redirect)",
    arguments: [
      "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil",
      "/\u{09}/evil.example", "/%09/evil.example", "/%2f/evil.example", "/%5cevil.example",
      "/.//evil.example", "/..//evil.example", "/a//evil.example", "javascript:alert(1)", "evil",
      "http:evil.example", "/a#b", "@evil.example", " /a", "/a b", "/\r\nlocation:x", "",
      "/%00", "/%ff", "/é", "?a", "/" + String(repeating: "a", count: 3_000),
    ])
  func openRedirect(_ target: String) async throws {
    #expect(OwnPath(target) == nil)
  }

  @Test(
    "own addresses stay what they are",
    arguments: [
      ("/", "/"), ("/requests", "/requests"), ("/requests?a=b&c", "/requests?a=b&c="),
      ("/requests/", "/requests/"), ("/a?x=//evil.example", "/a?x=%2F%2Fevil.example"),
      ("/a%20b", "/a%20b"), ("/requests?q=%C3%A9", "/requests?q=%C3%A9"),
    ])
  func ownPaths(_ target: String, _ own: String) {
    #expect(OwnPath(target)?.text == own)
  }

  @Test("a hostile return address is forgotten, in the link and in the redirect")
  func openRedirectOverTheWire() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    for target in ["https://evil.example", "//evil.example", "/%5Cevil.example"] {
      let encoded = FormText.encode(target)
      let list = try await browser.ask("GET", "/sign-in?return=\(encoded)")
      #expect(list.body.contains("href=\"/sign-in/contoso\"") && !list.body.contains("//evil"))
      let language = try await browser.ask("GET", "/language/de?return=\(encoded)")
      #expect(language.fields["location"] == "/")
      let answer = try await browser.signIn("/sign-in/contoso?return=\(encoded)")
      #expect(answer.fields["location"] == "/")
    }
    try await fixture.stop()
  }

  @Test("one address may begin so many sign-ins in a minute; others are not held up")
  func rateLimit() async throws {
    let fixture = try await PortalFixture(flags: ["sign_in.per_minute=3"])
    let browser = fixture.browser()
    for _ in 0..<3 { #expect(try await browser.ask("GET", "/sign-in/contoso").status == 303) }
    let answer = try await browser.ask("GET", "/sign-in/contoso")
    #expect(answer.status == 429 && answer.fields["retry-after"] == "20")
    #expect(answer.cookies.isEmpty)
    fixture.clock.advance(by: .seconds(20))
    #expect(try await browser.ask("GET", "/sign-in/contoso").status == 303)
    #expect(try await browser.ask("GET", "/sign-in/contoso").status == 429)
    try await fixture.stop()
  }

  @Test("a throttle counts a network's addresses as one")
  func throttleNetworks() throws {
    let clock = FakeClock()
    let throttle = SignInThrottle(perMinute: 1, clock: clock)
    try throttle.take("192.0.2.1")
    #expect(throws: SignInFault.self) { try throttle.take("192.0.2.1") }
    try throttle.take("192.0.2.2")
    try throttle.take("2001:db8:1:2::1")
    #expect(throws: SignInFault.self) { try throttle.take("2001:db8:1:2:ffff::9") }
    try throttle.take("2001:db8:1:3::1")
    try throttle.take(nil)
    #expect(SignInThrottle.network("::1") == "0:0:0:0")
    #expect(SignInThrottle.network("fe80::1%eth0") == "fe80:0:0:0")
    #expect(SignInThrottle.network("::ffff:192.0.2.1") == "::ffff:192.0.2.1")
  }
}
