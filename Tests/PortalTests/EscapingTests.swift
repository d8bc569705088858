internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

@Suite("Portal: what people wrote is shown as what it is")
struct EscapingTests {
  private static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'",
    "</title><svg onload=alert(1)>", "{{t.site.name}}{{{page}}}", "=cmd|' /C calc'!A0",
    "abc\u{202e}cba\u{2066}\u{200b}", "a\u{0007}b\u{1b}[31m", "&lt;b&gt;", "javascript:alert(1)",
  ]

  private static func record(_ text: String, _ clock: FakeClock) -> ApprovalsV1.AccessRequestRecord
  {
    let now = clock.now()
    return .init(
      accessRequest: .init(
        requestID: text, tenantID: text, workload: text,
        engineer: .init(issuer: text, id: text, displayName: text + "!"),
        reasonCode: .customerInitiatedSupport, justification: text, ticket: text,
        scope: .init(resources: [text], actions: [.read]), receiveTime: message(now)),
      state: .awaitingCustomer,
      stages: [
        .init(
          name: text, side: .customer, quorum: 1, lifetime: GoogleProtobuf.Duration(seconds: 43_200)
        )
      ], deadline: message(now + .hours(6)))
  }

  @Test(
    "a hostile justification, ticket, name or resource is text, and hides nothing",
    arguments: hostile)
  func requests(_ text: String) async throws {
    let fixture = try await PortalFixture()
    fixture.services.set([Self.record(text, fixture.clock)])
    let browser = try await fixture.signedIn()
    let answer = try await browser.ask("GET", "/requests")
    #expect(answer.status == 200)
    for bad in [
      "<script>", "<img src=x", "<svg", "'-alert", "\u{202e}", "\u{2066}", "\u{200b}", "\u{07}",
      "\u{1b}",
    ] {
      #expect(!answer.body.contains(bad), "\(bad)")
    }
    #expect(!answer.body.contains("href=\"javascript"))
    let shown = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
      .replacing("\u{202e}", with: "\\u{202e}").replacing("\u{2066}", with: "\\u{2066}")
      .replacing("\u{200b}", with: "\\u{200b}").replacing("\u{07}", with: "\\u{7}")
      .replacing("\u{1b}", with: "\\u{1b}")
    #expect(answer.body.contains(shown), "\(answer.body)")
    try await fixture.stop()
  }

  @Test("a hostile name of a person or an organisation is text in the layout", arguments: hostile)
  func layout(_ text: String) async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave {
      $0.subject =
        "ana" + text.filter { $0.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) } }
    }
    let browser = try await fixture.signedIn()
    let answer = try await browser.ask("GET", "/requests")
    #expect(answer.status == 200 && answer.body.contains("Contoso &lt;Ltd&gt;"))
    for bad in ["<script>", "<img src=x", "<svg"] { #expect(!answer.body.contains(bad)) }
    try await fixture.stop()
  }

  @Test("what an address says is never markup on the page that it leads to", arguments: hostile)
  func addresses(_ text: String) async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let encoded = text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    for target in [
      "/\(encoded)", "/requests?show=\(encoded)&page=\(encoded)", "/sign-in?return=/\(encoded)",
    ] {
      let answer = try await browser.ask("GET", target)
      for bad in ["<script>", "<img src=x", "<svg", "'-alert"] {
        #expect(!answer.body.contains(bad), "\(target)")
      }
    }
    try await fixture.stop()
  }

  @Test("no log line holds a token, a code, a cookie or a justification")
  func logs() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.offersRefresh = true }
    let secret = "a-justification-nobody-logs"
    fixture.services.set([Self.record(secret, fixture.clock)])
    let browser = try await fixture.signedIn()
    _ = try await browser.ask("GET", "/requests")
    for error in [
      RPCError(.internal, secret), .unavailable(secret, reason: "LATER"), .unauthenticated,
    ] {
      fixture.services.fail(error)
      _ = try await browser.ask("GET", "/requests")
    }
    _ = try await browser.ask("GET", "/sign-in/contoso/callback?code=\(secret)&state=\(secret)")
    _ = try await browser.post("/sign-out")
    let lines = fixture.installation.log.lines
    #expect(lines.contains { $0.contains("signed in") })
    let secrets =
      fixture.issuer.tokens
      + fixture.issuer.asked.flatMap { $0 }.filter {
        ["state", "nonce", "code_challenge"].contains($0.name)
      }.map(\.value) + browser.cookies.values + [secret, "code-1"]
    for secret in secrets {
      #expect(!lines.contains { $0.contains(secret) }, "\(secret.prefix(12))…")
    }
    try await fixture.stop()
  }
}
