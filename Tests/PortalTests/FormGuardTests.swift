internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Portal
@testable internal import Web

@Suite("Portal: forms of other sites")
struct FormGuardTests {
  /// Every route that changes something, with its open places filled. A new one is in it by itself.
  private static func targets(_ portal: Portal) -> [String] {
    portal.site.routes.all.filter { $0.method != .get }.map { route in
      route.pattern.description.split(separator: "/", omittingEmptySubsequences: false)
        .map { $0.hasPrefix(":") || $0 == "*" ? "018f0000-0000-7000-8000-000000000001" : $0 }
        .joined(separator: "/")
    }
  }

  @Test("every route that changes something is a POST with a session and a form of its own (CSRF)")
  func everyRoute() async throws {
    let fixture = try await PortalFixture()
    #expect(fixture.portal.site.routes.all.allSatisfy { [.get, .post].contains($0.method) })
    let targets = Self.targets(fixture.portal)
    #expect(targets.contains("/sign-out"))
    let other = try await fixture.signedIn()
    let foreignToken = try #require(other.session.flatMap { SessionID(cookie: $0)?.formToken })
    let browser = try await fixture.signedIn()
    let session = browser.session
    let own = try #require(session.flatMap { SessionID(cookie: $0)?.formToken })
    for target in targets {
      let refused: [(String, status: Int, form: String, fields: [String: String])] = [
        ("no token", 403, "a=b", [:]),
        ("an empty token", 403, "form_token=", [:]),
        ("another session's token", 403, "form_token=\(foreignToken)", [:]),
        ("two tokens", 403, "form_token=\(own)&form_token=\(own)", [:]),
        ("another origin", 403, "form_token=\(own)", ["origin": "https://evil.example"]),
        ("a hidden origin", 403, "form_token=\(own)", ["origin": "null"]),
        ("another site", 403, "form_token=\(own)", ["sec-fetch-site": "cross-site"]),
        ("a neighbour", 403, "form_token=\(own)", ["sec-fetch-site": "same-site"]),
        ("typed by hand", 403, "form_token=\(own)", ["sec-fetch-site": "none"]),
        ("text", 415, "form_token=\(own)", ["content-type": "text/plain"]),
        ("JSON", 415, "{}", ["content-type": "application/json"]),
        ("no session", 401, "form_token=\(own)", ["cookie": "a=b"]),
      ]
      let before = fixture.services.authorizations.count
      for (what, status, form, fields) in refused {
        let answer = try await browser.ask("POST", target, fields, body: form)
        #expect(answer.status == status, "\(target): \(what)")
      }
      #expect(fixture.services.authorizations.count == before, "\(target) has called the API")
      #expect(browser.session == session)
    }
    try await fixture.stop()
  }

  @Test("a browser that says nothing of where a form comes from is not trusted with one")
  func silent() {
    let guardian = FormGuard(publicURL: .init("https://portal.test")!)
    func request(_ fields: [String: String]) -> WebRequest {
      WebRequest(
        method: .post, segments: [], parameters: [:], rest: [], query: [],
        fields: fields.map { WebField($0.key, $0.value) }, body: [], peer: nil, trace: nil,
        admitted: nil)
    }
    #expect(throws: FormGuard.Refusal.otherOrigin) { try guardian.checkOrigin(request([:])) }
    for fields in [
      ["origin": "https://portal.test"], ["sec-fetch-site": "same-origin"],
      ["origin": "https://PORTAL.test", "sec-fetch-site": "same-origin"],
    ] {
      #expect(throws: Never.self) { try guardian.checkOrigin(request(fields)) }
    }
    for origin in [
      "https://portal.test:444", "http://portal.test", "https://portal.test.evil.example",
      "https://evil.example/https://portal.test", "",
    ] {
      #expect(throws: FormGuard.Refusal.otherOrigin) {
        try guardian.checkOrigin(request(["origin": origin]))
      }
    }
  }

  @Test("GET never changes anything: no form's work is done by an address")
  func getChangesNothing() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    for target in Self.targets(fixture.portal) {
      let answer = try await browser.ask("GET", target)
      #expect(answer.status != 500, "\(target)")
    }
    #expect(try await browser.ask("GET", "/requests").status == 200)
    try await fixture.stop()
  }
}
