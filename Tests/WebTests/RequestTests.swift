internal import Domain
internal import ServiceKit
internal import TestKit
internal import Testing
internal import Web

@Suite("HTTPS: requests and answers")
struct RequestTests {
  let fixture: WebFixture

  init() async throws { fixture = try await WebFixture() }

  @Test("a route answers with its parameters, several times on one connection, also in advance")
  func keepAlive() async throws {
    let caller = try await fixture.caller()
    let answer = try await caller.ask("/hello/w%C3%B6rld?end=%21")
    #expect(answer.status == 200 && answer.body == "hello wörld!")
    #expect(answer.fields["content-type"] == "text/plain; charset=utf-8")
    #expect(answer.fields["cache-control"] == "no-store")
    #expect(answer.fields["x-content-type-options"] == "nosniff")
    #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
    let head = try await caller.ask("HEAD", "/hello/a")
    #expect(head.status == 200 && head.body.isEmpty && head.fields["content-length"] == "7")
    #expect(try await caller.ask("POST", "/echo", body: "abc").body == "abc")
    let request = "GET /hello/a HTTP/1.1\r\nhost: localhost\r\n\r\n"
    try await caller.send(request)
    #expect(try await caller.answer().body == "hello a")
    try await fixture.stop()
  }

  @Test(
    "what is wrong with a request is told as JSON",
    arguments: [
      ("GET", "/nothing", "", 404, "NOT_FOUND"),
      ("POST", "/hello/a", "", 405, "METHOD_NOT_ALLOWED"),
      ("PATCH", "/hello/a", "", 405, "METHOD_NOT_ALLOWED"),
      ("GET", "/hello/%zz", "", 400, "MALFORMED_REQUEST"),
      ("GET", "/hello/%00", "", 400, "MALFORMED_REQUEST"),
      ("GET", "/hello/%ff", "", 400, "MALFORMED_REQUEST"),
      ("GET", "/people/..", "", 400, "MALFORMED_REQUEST"),
      ("GET", "/people/%2e%2e/secret", "", 400, "MALFORMED_REQUEST"),
      ("GET", "/" + String(repeating: "a", count: 8 << 10), "", 414, "TARGET_TOO_LONG"),
      ("POST", "/echo", String(repeating: "a", count: 1_001), 413, "BODY_TOO_LARGE"),
      ("GET", "/fail/web", "", 429, "AF429"),
      ("GET", "/fail/missing", "", 404, "NOT_FOUND"),
      ("GET", "/fail/later", "", 503, "LATER"),
      ("GET", "/fail/field", "", 400, "INVALID_FIELDS"),
      ("GET", "/fail/other", "", 500, "INTERNAL"),
    ])
  func errors(_ method: String, _ target: String, _ body: String, _ status: Int, _ code: String)
    async throws
  {
    let caller = try await fixture.caller()
    let answer = try await caller.ask(method, target, body: body)
    #expect(answer.status == status)
    #expect(answer.body.hasPrefix(#"{"error":{"code":"\#(code)","message":""#))
    #expect(answer.fields["content-type"] == "application/json; charset=utf-8")
    #expect((answer.fields["retry-after"] != nil) == (code == "LATER"))
    #expect((answer.fields["allow"] == "GET, HEAD") == (status == 405))
    #expect(!answer.body.contains("hunter2"))
    try await fixture.stop()
  }

  @Test("people come in with a token and a role, and nobody learns why not")
  func people() async throws {
    let caller = try await fixture.caller()
    let (contoso, provider) = (fixture.installation.contoso, fixture.installation.provider)
    let token = fixture.bearer(contoso, "ada", .auditor)
    let good = try await caller.ask("/people/a/b", ["authorization": token])
    #expect(good.status == 200 && good.body == "ada a|b")
    let none = try await caller.ask("/people/a")
    #expect(none.status == 401 && none.fields["www-authenticate"] == "Bearer")
    let forged = try await caller.ask("/people/a", ["authorization": token.dropLast(4) + "AAAA"])
    #expect(forged.status == 401 && forged.body == none.body)
    let other = fixture.bearer(provider, "eve", .engineer)
    #expect(try await caller.ask("/people/a", ["authorization": other]).status == 403)
    try await caller.send(
      "GET /people/a HTTP/1.1\r\nhost: a\r\nauthorization: \(token)\r\nauthorization: \(token)\r\n\r\n"
    )
    #expect(try await caller.answer().status == 401)
    try await fixture.stop()
    let lines = fixture.installation.log.lines
    let log = lines.joined()
    #expect(log.contains("signatureInvalid") && log.contains("ROLE_MISSING"))
    #expect(!log.contains(token.dropFirst(30).prefix(20)), "a token is in the log")
    #expect(log.contains("test.Web/People") && !log.contains("/people/a"))
  }

  @Test("services come in with their certificate")
  func services() async throws {
    let pki = fixture.installation.pki
    let stranger = try await fixture.caller()
    #expect(try await stranger.ask("/services").status == 403)
    for (service, status) in [(ServiceName.approvals, 200), (.intake, 403)] {
      let caller = try await fixture.caller(
        identity: pki.files(
          "as-\(service)", uri: service.spiffeID(in: TestPKI.trustDomain)))
      let answer = try await caller.ask("/services")
      #expect(answer.status == status)
      if status == 200 { #expect(answer.body.contains("spiffe://lockbox.test/lockbox/approvals")) }
    }
    try await fixture.stop()
  }

  @Test("a certificate that is good no more ends the connection at its next request")
  func expired() async throws {
    let clock = FakeClock()
    clock.set(SystemClock().now())
    let fixture = try await WebFixture(now: { clock.now().seconds })
    let caller = try await fixture.caller(
      identity: fixture.installation.pki.files(
        "approvals", uri: ServiceName.approvals.spiffeID(in: TestPKI.trustDomain)))
    #expect(try await caller.ask("/services").status == 200)
    clock.advance(by: .seconds(3 * 86_400))
    await #expect(throws: (any Error).self) { try await caller.ask("/services") }
    try await caller.ended()
    #expect(fixture.metrics.contains(#"ended_total{reason="certificate"} 1"#))
    try await fixture.stop()
  }

  @Test("requests are counted by route and status, never by target")
  func metrics() async throws {
    let caller = try await fixture.caller()
    _ = try await caller.ask("/hello/secret-name")
    _ = try await caller.ask("/other-secret")
    let text = fixture.metrics
    #expect(text.contains(#"requests_total{route="test.Web/Hello",status="200"} 1"#))
    #expect(text.contains(#"requests_total{route="unknown",status="404"} 1"#))
    #expect(text.contains("lockbox_http_connections_open 1"))
    #expect(!text.contains("secret"))
    try await fixture.stop()
  }
}

extension HTTPSCaller {
  func ask(_ target: String, _ fields: [String: String] = [:]) async throws -> Answer {
    try await ask("GET", target, fields)
  }
}
