internal import Domain
internal import Files
internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: sessions")
struct SessionTests {
  @Test("every cookie is Secure, of this host alone, and not for scripts")
  func cookieFlags() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    let begun = try await browser.ask("GET", "/sign-in/contoso")
    let chosen = try await browser.ask("GET", "/language/de")
    let finished = try await browser.signIn()
    let cookies = begun.cookies + chosen.cookies + finished.cookies
    #expect(cookies.count >= 4)
    for cookie in cookies {
      #expect(cookie.hasPrefix("__Host-") && cookie.contains("; Path=/;"), "\(cookie)")
      #expect(cookie.contains("; Secure") && cookie.contains("; SameSite=Lax"), "\(cookie)")
      #expect(cookie.contains("; HttpOnly") && !cookie.contains("Domain"), "\(cookie)")
    }
    let session = try #require(finished.cookies.first { $0.hasPrefix("__Host-session=") })
    #expect(!session.contains("Max-Age"), "it ends with the browser")
    try await fixture.stop()
  }

  @Test("an id that somebody planted before sign-in never becomes a signed-in one")
  func fixation() async throws {
    let fixture = try await PortalFixture()
    let planted = SessionID.random()
    let browser = fixture.browser()
    browser.cookies = ["__Host-session": planted.cookie]
    _ = try await browser.signIn()
    #expect(browser.session != nil && browser.session != planted.cookie)
    let attacker = fixture.browser()
    attacker.cookies = ["__Host-session": planted.cookie]
    #expect(try await attacker.ask("GET", "/requests").status == 303)

    // Signing in again ends the session that the browser had.
    let before = try #require(browser.session)
    _ = try await browser.signIn()
    attacker.cookies = ["__Host-session": before]
    #expect(try await attacker.ask("GET", "/requests").status == 303)
    #expect(try await browser.ask("GET", "/requests").status == 200)
    try await fixture.stop()
  }

  @Test("nobody is there for 30 minutes: the session ends; a page that asks by itself is nobody")
  func idle() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.lifetime = .hours(12) }
    let browser = try await fixture.signedIn()
    for _ in 0..<3 {
      fixture.clock.advance(by: .minutes(29))
      #expect(try await browser.ask("GET", "/requests").status == 200)
    }
    fixture.clock.advance(by: .minutes(20))
    #expect(try await browser.ask("GET", "/requests", ["x-lockbox-live": "1"]).status == 200)
    fixture.clock.advance(by: .minutes(10))
    #expect(try await browser.ask("GET", "/requests").status == 303)
    fixture.clock.advance(by: .minutes(-10))
    #expect(try await browser.ask("GET", "/requests").status == 303, "what has ended stays so")
    try await fixture.stop()
  }

  @Test("after eight hours the session ends, however busy")
  func absolute() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.lifetime = .hours(20) }
    let browser = try await fixture.signedIn()
    for _ in 0..<23 {
      fixture.clock.advance(by: .minutes(20))
      #expect(try await browser.ask("GET", "/requests").status == 200)
    }
    fixture.clock.advance(by: .minutes(20))
    #expect(try await browser.ask("GET", "/requests").status == 303)
    try await fixture.stop()
  }

  @Test("a session never outlives its token where there is no new one")
  func tokenEnd() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.lifetime = .minutes(10) }
    let browser = try await fixture.signedIn()
    fixture.clock.advance(by: .minutes(9))
    #expect(try await browser.ask("GET", "/requests").status == 200)
    fixture.clock.advance(by: .minutes(1))
    #expect(try await browser.ask("GET", "/requests").status == 303)
    try await fixture.stop()
  }

  @Test("a refresh token keeps the session, under the same id while it allows the same")
  func refresh() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave {
      $0.lifetime = .minutes(10)
      $0.offersRefresh = true
    }
    let browser = try await fixture.signedIn()
    let id = browser.session
    for round in 1...3 {
      fixture.clock.advance(by: .minutes(10))
      #expect(try await browser.ask("GET", "/requests").status == 200)
      #expect(fixture.issuer.refreshes == round && browser.session == id)
    }
    fixture.clock.advance(by: .minutes(10))
    fixture.issuer.behave { $0.tokenStatus = 400 }
    #expect(try await browser.ask("GET", "/requests").status == 303)
    try await fixture.stop()
  }

  @Test("a token that allows more comes with a new id, and the old one is worth nothing")
  func elevation() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave {
      $0.lifetime = .minutes(10)
      $0.offersRefresh = true
    }
    let browser = try await fixture.signedIn()
    let before = try #require(browser.session)
    fixture.issuer.behave { $0.roles = ["approver", "admin"] }
    fixture.clock.advance(by: .minutes(10))
    #expect(try await browser.ask("GET", "/requests").status == 200)
    #expect(browser.session != before)
    #expect(try await browser.ask("GET", "/requests").status == 200)
    browser.cookies = ["__Host-session": before]
    #expect(try await browser.ask("GET", "/requests").status == 303)
    try await fixture.stop()
  }

  @Test("a refreshed token of somebody else ends the session")
  func swapped() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave {
      $0.lifetime = .minutes(10)
      $0.offersRefresh = true
    }
    let browser = try await fixture.signedIn()
    fixture.issuer.behave { $0.subject = "bob" }
    fixture.clock.advance(by: .minutes(10))
    #expect(try await browser.ask("GET", "/requests").status == 303)
    #expect(try await fixture.store.count() == 0)
    try await fixture.stop()
  }

  @Test("a token that the API takes no more ends the session, and leads to sign in and back")
  func refusedToken() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    fixture.services.fail(.unauthenticated)
    let answer = try await browser.ask("GET", "/requests?show=live")
    #expect(answer.status == 303)
    #expect(answer.fields["location"] == "/sign-in?return=%2Frequests%3Fshow%3Dlive")
    #expect(browser.session == nil)
    #expect(try await fixture.store.count() == 0)
    try await fixture.stop()
  }

  @Test("an issuer whose keys are not to be had signs nobody out")
  func keysAway() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let file = fixture.installation.directory.file("contoso.jwks")
    let other = try await TestIssuer(url: fixture.installation.contoso.url, keyID: "k2")
    fixture.installation.directory.write("contoso.jwks", other.jwks)
    await fixture.portal.issuers.reloadChanged()
    #expect(try await browser.ask("GET", "/requests").status == 503)
    try File.writePrivately(Array(fixture.installation.contoso.jwks.utf8), to: file)
    await fixture.portal.issuers.reloadChanged()
    #expect(try await browser.ask("GET", "/requests").status == 200)
    try await fixture.stop()
  }

  @Test("signing out ends the session here, and shows the way to end it at the issuer")
  func signOut() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let before = try #require(browser.session)
    let answer = try await browser.post("/sign-out")
    #expect(answer.status == 200 && browser.session == nil)
    #expect(answer.body.contains("\(fixture.issuer.url)/end?client_id=lockbox-portal"))
    browser.cookies = ["__Host-session": before]
    #expect(try await browser.ask("GET", "/requests").status == 303)
    try await fixture.stop()
  }

  @Test("a cookie that stands twice is none")
  func twice() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let own = "__Host-session=\(browser.session ?? "")"
    #expect(try await browser.ask("GET", "/requests", ["cookie": own]).status == 200)
    for cookies in ["\(own); \(own)", "\(own); __Host-session=x", "__Host-session=; \(own)"] {
      #expect(try await browser.ask("GET", "/requests", ["cookie": cookies]).status == 303)
    }
    try await fixture.stop()
  }
}
