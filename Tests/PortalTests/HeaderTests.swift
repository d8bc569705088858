internal import RPC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Portal
@testable internal import Web

@Suite("Portal: what every answer says to the browser")
struct HeaderTests {
  private func check(_ answer: HTTPSCaller.Answer, _ what: String) {
    let fields = answer.fields
    let policy = fields["content-security-policy"] ?? ""
    #expect(policy.hasPrefix("default-src 'none'"), "\(what)")
    #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    for directive in [
      "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
      "form-action 'self'", "connect-src 'self'", "img-src 'self'",
    ] {
      #expect(policy.contains(directive), "\(what): \(directive)")
    }
    #expect(fields["x-content-type-options"] == "nosniff", "\(what)")
    #expect(fields["x-frame-options"] == "DENY", "\(what)")
    #expect(fields["referrer-policy"] == "same-origin", "\(what)")
    #expect(fields["cross-origin-opener-policy"] == "same-origin", "\(what)")
    #expect(fields["cross-origin-resource-policy"] == "same-origin", "\(what)")
    #expect(fields["strict-transport-security"]?.hasPrefix("max-age=63072000") ?? false)
    let permissions = fields["permissions-policy"] ?? ""
    #expect(permissions.contains("publickey-credentials-get=(self)"))
    #expect(permissions.contains("camera=()"))
  }

  @Test("every page, error, redirect and asset carries the whole policy")
  func everyAnswer() async throws {
    let fixture = try await PortalFixture()
    let stranger = fixture.browser()
    let browser = try await fixture.signedIn()
    let asset = fixture.portal.desk.renderer.assets.path("portal.css")
    for target in fixture.portal.site.routes.all.filter({ $0.method == .get && $0.events == nil })
      .map({ $0.pattern.description.replacing(#/:[a-z]+/#, with: "x") }) + ["/nowhere", asset]
    {
      for one in [stranger, browser] {
        let answer = try await one.ask("GET", target)
        check(answer, "\(answer.status) \(target)")
        if !target.hasPrefix("/assets/") || answer.status != 200 {
          #expect(answer.fields["cache-control"] == "no-store", "\(target)")
        }
      }
    }
    for (method, target) in [("POST", "/sign-out"), ("PUT", "/requests"), ("HEAD", "/sign-in")] {
      check(try await browser.ask(method, target), "\(method) \(target)")
    }
    fixture.services.fail(RPCError(.internal, "secret"))
    check(try await browser.ask("GET", "/requests"), "a failure")
    let malformed = try await fixture.caller()
    try await malformed.send("nonsense\r\n\r\n")
    check(try await malformed.answer(), "no HTTP")
    try await fixture.stop()
  }

  @Test("assets are kept for ever under names that change with them, and asked again by tag")
  func assets() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    for name in PortalFiles.below("Assets").keys {
      let path = fixture.portal.desk.renderer.assets.path(name)
      let answer = try await browser.ask("GET", path)
      #expect(answer.status == 200 && answer.bytes == PortalFiles.below("Assets")[name])
      #expect(answer.fields["cache-control"] == "public, max-age=31536000, immutable")
      let tag = try #require(answer.fields["etag"])
      let again = try await browser.ask("GET", path, ["if-none-match": tag])
      #expect(again.status == 304 && again.bytes.isEmpty)
    }
    #expect(try await browser.ask("GET", "/assets/portal.css").status == 404)
    try await fixture.stop()
  }

  @Test("the name of a download is a plain one")
  func fileNames() {
    #expect(FrontDesk.plain("acme-2026_11.zip") == "acme-2026_11.zip")
    #expect(FrontDesk.plain("a\"; b=c\r\n/../é") == "a___b_c__..__")
  }

  @Test("a head that trickles in is cut after ten seconds at most")
  func slow() async throws {
    let usual = WebLimits()
    #expect(usual.head <= .seconds(10) && usual.body <= .seconds(30))
    let fixture = try await PortalFixture { $0.head = .milliseconds(200) }
    let caller = try await fixture.caller()
    try await caller.send("GET /requests HTTP/1.1\r\ncookie: ")
    let trickle = Task {
      while true {
        try await caller.send("a")
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    try await caller.ended()
    trickle.cancel()
    try await fixture.stop()
  }
}
