internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

@Suite("Portal: live pages")
struct LiveTests {
  /// A connection that asks for the stream of a browser's session.
  private func stream(
    _ fixture: PortalFixture, _ browser: TestBrowser
  ) async throws -> HTTPSCaller {
    let caller = try await fixture.caller()
    try await caller.send(
      """
      GET /live HTTP/1.1\r
      host: localhost\r
      cookie: __Host-session=\(browser.session ?? "")\r
      \r\n
      """)
    return caller
  }

  @Test(
    "a change reaches every page of a session over one stream of the API, opened with its token")
  func changes() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let pages = [try await stream(fixture, browser), try await stream(fixture, browser)]
    for page in pages {
      let head = try await page.read(until: "event: ready")
      #expect(head.contains("HTTP/1.1 200") && head.contains("text/event-stream"))
      #expect(head.contains("content-security-policy:"))
    }
    #expect(await eventually { fixture.services.watchers == 1 })
    #expect(fixture.portal.hub.count == 1)
    #expect(Set(fixture.services.authorizations).count == 1)
    fixture.services.change()
    for page in pages { try await page.read(until: "event: change") }
    for page in pages { try await page.close() }
    fixture.services.change()
    try await fixture.stop()
  }

  @Test("a page that goes away is found out, and its stream of the API ends")
  func goesAway() async throws {
    let fixture = try await PortalFixture { $0.heartBeat = .milliseconds(20) }
    let browser = try await fixture.signedIn()
    let page = try await stream(fixture, browser)
    try await page.read(until: "event: ready")
    try await page.read(until: ":\n\n")
    try await page.close()
    #expect(await eventually { fixture.portal.hub.count == 0 })
    #expect(await eventually { fixture.services.watchers == 0 })
    try await fixture.stop()
  }

  @Test("beyond the places a page is told so, and works on without")
  func full() async throws {
    let fixture = try await PortalFixture(flags: ["live.connections=0"])
    let browser = try await fixture.signedIn()
    let page = try await stream(fixture, browser)
    try await page.read(until: "event: full")
    #expect(try await browser.ask("GET", "/requests").status == 200)
    try await fixture.stop()
  }

  @Test("one session has so many streams, and one more is refused")
  func bounded() async throws {
    let fixture = try await PortalFixture { $0.streamsPerOwner = 1 }
    let browser = try await fixture.signedIn()
    let first = try await stream(fixture, browser)
    try await first.read(until: "event: ready")
    let second = try await stream(fixture, browser)
    #expect(try await second.read(until: "\r\n\r\n").contains("HTTP/1.1 503"))
    let other = try await fixture.signedIn()
    try await stream(fixture, other).read(until: "event: ready")
    try await fixture.stop()
  }

  @Test("a page that is left open does not keep its session")
  func noPresence() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.lifetime = .hours(12) }
    let browser = try await fixture.signedIn()
    fixture.clock.advance(by: .minutes(29))
    let page = try await stream(fixture, browser)
    try await page.read(until: "event: ready")
    fixture.clock.advance(by: .minutes(2))
    #expect(try await browser.ask("GET", "/live").status == 401)
    #expect(try await browser.ask("GET", "/requests").status == 303)
    try await fixture.stop()
  }

  @Test("nobody who is not signed in has a stream")
  func strangers() async throws {
    let fixture = try await PortalFixture()
    #expect(try await fixture.browser().ask("GET", "/live").status == 401)
    #expect(fixture.services.authorizations.isEmpty)
    try await fixture.stop()
  }

  @Test("streams end with the drain at once")
  func drain() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let page = try await stream(fixture, browser)
    try await page.read(until: "event: ready")
    try await fixture.stop()
    try await page.ended()
  }

  @Test("a stream that the API ends, ends the pages', which come again")
  func apiEnds() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    fixture.services.fail(.unauthenticated)
    let page = try await stream(fixture, browser)
    #expect(try await page.read(until: "0\r\n\r\n").contains("event: ready"))
    #expect(await eventually { fixture.portal.hub.count == 0 })
    try await fixture.stop()
  }
}
