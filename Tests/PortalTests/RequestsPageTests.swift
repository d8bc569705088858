internal import Domain
internal import LockboxProto
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: the list of requests")
struct RequestsPageTests {
  private func record(
    _ id: String, _ state: CommonV1.AccessRequestState, left: Duration = .hours(6),
    _ fixture: PortalFixture
  ) -> ApprovalsV1.AccessRequestRecord {
    let now = fixture.clock.now()
    var request = CommonV1.AccessRequest()
    request.requestID = id
    request.tenantID = "contoso"
    request.engineer = CommonV1.Subject(id: "erin", displayName: "Erin")
    request.justification = "Why \(id)"
    request.scope = CommonV1.Scope(
      resources: ["mailboxes/a", "mailboxes/b"], actions: [.read, .write])
    request.receiveTime = message(now)
    var record = ApprovalsV1.AccessRequestRecord()
    record.accessRequest = request
    record.state = state
    record.stages = [
      CommonV1.Stage(side: .customer, lifetime: GoogleProtobuf.Duration(seconds: 43_200))
    ]
    record.deadline = message(now + left)
    return record
  }

  @Test(
    "those that wait for the customer come first, the nearest deadline at the top, with the time left"
  )
  func order() async throws {
    let fixture = try await PortalFixture()
    fixture.services.set([
      record("r1", .ended, fixture), record("r2", .awaitingProvider, left: .minutes(1), fixture),
      record("r3", .awaitingCustomer, left: .hours(9), fixture),
      record("r4", .awaitingCustomer, left: .minutes(30), fixture),
    ])
    let browser = try await fixture.signedIn()
    let body = try await browser.ask("GET", "/requests").body
    let order = ["Why r4", "Why r3", "Why r2", "Why r1"].map { body.firstRange(of: $0)?.lowerBound }
    #expect(
      order.allSatisfy { $0 != nil }
        && order.compactMap(\.self).sorted() == order.compactMap(\.self))
    #expect(body.contains("3 requests wait"))
    #expect(body.contains("30 min left") && body.contains("9 h left"))
    #expect(body.contains("<progress max=\"100\" value=\"75\""))
    #expect(body.contains("read, change: mailboxes/a +1"))
    #expect(body.contains("Erin (erin)"))
    #expect(body.contains("data-live-from=\"/live\"") && body.contains("id=\"waiting\" data-live"))
    #expect(body.contains("<time datetime="))
    try await fixture.stop()
  }

  @Test("of many that wait the most urgent are shown, and the way to the others")
  func many() async throws {
    let fixture = try await PortalFixture()
    // Newest first, as the API lists them: the oldest have the least time.
    fixture.services.set(
      (0..<120).map { record("r\($0).", .awaitingCustomer, left: .minutes(700 - $0), fixture) })
    let browser = try await fixture.signedIn()
    let body = try await browser.ask("GET", "/requests").body
    #expect(body.matches(of: #/Why r[0-9]+\./#).count == 50)
    #expect(body.contains("Why r119.") && body.contains("Why r70.") && !body.contains("Why r69."))
    #expect(body.contains("120 requests wait") && body.contains("href=\"/requests?show=waiting\""))
    try await fixture.stop()
  }

  @Test("a filter shows its own, and says so")
  func filters() async throws {
    let fixture = try await PortalFixture()
    fixture.services.set([
      record("r1", .ended, fixture), record("r2", .awaitingCustomer, fixture),
      record("r3", .approved, fixture),
    ])
    let browser = try await fixture.signedIn()
    for (show, seen) in [
      ("all", ["r1", "r2", "r3"]), ("waiting", ["r2"]), ("live", ["r3"]), ("closed", ["r1"]),
      ("nonsense", ["r1", "r2", "r3"]),
    ] {
      let body = try await browser.ask("GET", "/requests?show=\(show)").body
      #expect(["r1", "r2", "r3"].filter { body.contains("Why \($0)") } == seen, "\(show)")
      #expect(body.contains("aria-current=\"true\""), "\(show)")
    }
    try await fixture.stop()
  }

  @Test("nothing to do is said, not shown as nothing")
  func empty() async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    let body = try await browser.ask("GET", "/requests").body
    #expect(body.contains("Nobody waits") && body.contains("0 requests wait"))
    try await fixture.stop()
  }

  @Test(
    "an error of the API is a kind page with the right status",
    arguments: [
      (RPCError.notFound("request"), 404, "There is nothing here"),
      (.denied, 403, "You may not do this"),
      (
        .reasoned(.failedPrecondition, "x", reason: "REQUEST_EXPIRED"), 409,
        "The request has expired."
      ),
      (.reasoned(.failedPrecondition, "x", reason: "NEVER_HEARD_OF"), 409, "Things have changed"),
      (.exhausted("x", reason: "TOO_MANY", retryAfter: .seconds(7)), 429, "Too much at once"),
      (.unavailable("x", reason: "LATER"), 503, "Not available just now"),
      (RPCError(.deadlineExceeded, "x"), 503, "Not available just now"),
      (RPCError(.internal, "the secret detail"), 500, "Something went wrong"),
      (
        RPCError(
          .invalidArgument, "x",
          details: [.badRequest([.init(field: "a.b", description: "is <odd>")])]), 422,
        "is &lt;odd&gt;"
      ),
    ])
  func errors(_ error: RPCError, _ status: Int, _ text: String) async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    fixture.services.fail(error)
    let answer = try await browser.ask("GET", "/requests")
    #expect(answer.status == status && answer.body.contains(text), "\(answer.body)")
    #expect(!answer.body.contains("secret detail") && answer.body.contains("class=\"button\""))
    if status == 429 { #expect(answer.fields["retry-after"] == "7") }
    try await fixture.stop()
  }

  @Test("services that are away make a page that says so")
  func away() async throws {
    let fixture = try await PortalFixture(flags: ["services.approvals=127.0.0.1:1"])
    let browser = try await fixture.signedIn()
    let answer = try await browser.ask("GET", "/requests")
    #expect(answer.status == 503 && answer.body.contains("Not available just now"))
    try await fixture.stop()
  }

  @Test("the zone that the browser says is that of the times")
  func zone() async throws {
    let fixture = try await PortalFixture()
    fixture.services.set([record("r1", .ended, fixture)])
    let browser = try await fixture.signedIn()
    #expect(try await browser.ask("GET", "/requests").body.contains("21 Nov 2026, 12:00 UTC<"))
    browser.cookies["__Host-zone"] = "Europe/Berlin"
    let body = try await browser.ask("GET", "/requests").body
    #expect(body.contains("title=\"21 Nov 2026, 12:00 UTC\">21 Nov 2026, 13:00<"))
    browser.cookies["__Host-zone"] = "../../etc/passwd"
    #expect(try await browser.ask("GET", "/requests").body.contains("12:00 UTC<"))
    try await fixture.stop()
  }

  @Test("whoever has no role that has pages is told so")
  func noRole() async throws {
    let fixture = try await PortalFixture()
    fixture.issuer.behave { $0.roles = [] }
    let browser = try await fixture.signedIn()
    let answer = try await browser.ask("GET", "/")
    #expect(answer.status == 200 && answer.body.contains("no role that has pages"))
    try await fixture.stop()
  }
}

/// A moment as the API says it.
func message(_ moment: Timestamp) -> GoogleProtobuf.Timestamp {
  GoogleProtobuf.Timestamp(seconds: moment.seconds, nanos: moment.nanos)
}
