internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Portal

/// Every field that a request's pages show, hostile.
struct RequestEscapingTests {
  static let id = "019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e"

  private static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    // A mark that follows a quote makes one character of the two, and the quote is one all the same.
    "\"\u{301} onmouseover=alert(1) '\u{301}<\u{338}b",
    "abc\u{202E}cba\u{2066}\u{200B}", "a\u{07}b\u{1B}[31m", "=1+1", "{engineer}{{t.site.name}}",
  ]

  /// A record that says the text wherever somebody can write one.
  static func record(
    _ text: String, _ clock: FakeClock, state: CommonV1.AccessRequestState
  ) throws -> ApprovalsV1.AccessRequestRecord {
    let now = clock.now()
    let subject = CommonV1.Subject(issuer: text, id: text, displayName: text)
    let scope = CommonV1.Scope(resources: [text], actions: [.read, .delete])
    let request = CommonV1.AccessRequest(
      requestID: id, tenantID: text, workload: text, engineer: subject,
      reasonCode: .productionAlert, justification: "\(text)\n\(text)", ticket: text, scope: scope,
      duration: .init(.hours(2)), receiveTime: .init(now), severity: .high,
      extendsGrantID: text, breakGlass: true)
    let terms = CommonV1.Terms(scope: scope, duration: .init(.hours(1)), startTime: .init(now))
    return .init(
      accessRequest: request, requestDigest: SHA256.hash(try request.serialized()).bytes,
      state: state,
      stages: [
        .init(
          name: text, side: .customer, quorum: 2, approvals: 1, lifetime: .init(.hours(12)),
          requiresSignature: true)
      ],
      deadline: .init(now + .hours(6)),
      decisions: [
        .init(
          side: .customer, verdict: .approve, approver: subject, comment: text,
          decideTime: .init(now), terms: terms, onBehalfOf: text)
      ],
      grant: state == .approved
        ? .init(
          grantID: text, requestID: id, tenantID: text, engineer: subject, scope: scope,
          startTime: .init(now), endTime: .init(now + .hours(1)), breakGlass: true,
          extendsGrantID: text) : nil,
      terms: terms,
      thread: [.init(kind: .question, author: subject, text: text, time: .init(now))],
      policyRule: text,
      review: .init(dueTime: .init(now), reviewer: subject, comment: text),
      extendedGrantEnd: .init(now), denialReason: text)
  }

  @Test("what people wrote is text on every page of a request", arguments: hostile)
  func pages(_ text: String) async throws {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    for state in [CommonV1.AccessRequestState.awaitingCustomer, .approved, .denied] {
      fixture.services.set([try Self.record(text, fixture.clock, state: state)])
      for path in ["", "/approve", "/narrow", "/deny", "/review"] {
        let answer = try await browser.ask("GET", "/requests/\(Self.id)\(path)")
        #expect([200, 409].contains(answer.status), "\(state) \(path) \(answer.status)")
        Self.expectHarmless(answer.body, "\(state) \(path)")
      }
      let access = try await browser.ask("GET", "/access")
      #expect(access.status == 200)
      Self.expectHarmless(access.body, "access")
    }
    try await fixture.stop()
  }

  private static func expectHarmless(_ body: String, _ page: String) {
    for bad in ["<script>", "<img src=x", "<\u{338}b"] {
      #expect(body.utf8.firstRange(of: Array(bad.utf8)) == nil, "\(page): \(bad)")
    }
    // A bare quote before a mark, and whatever hides or turns around.
    for bad in ["\"\u{301}", "'\u{301}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{07}", "\u{1B}"] {
      #expect(body.utf8.firstRange(of: Array(bad.utf8)) == nil, "\(page): \(bad.unicodeScalars)")
    }
  }

  @Test func `nobody is offered a decision on a request that its digest does not fit`()
    async throws
  {
    let fixture = try await PortalFixture()
    let browser = try await fixture.signedIn()
    var record = try Self.record("x", fixture.clock, state: .awaitingCustomer)
    let path = "/requests/\(Self.id)"
    fixture.services.set([record])
    #expect(try await browser.ask("GET", path).body.contains("\(path)/approve"))
    record.accessRequest?.justification = "another"
    fixture.services.set([record])
    let page = try await browser.ask("GET", path)
    #expect(page.body.contains("Do not decide on this."))
    #expect(!page.body.contains("\(path)/approve"))
    #expect(try await browser.ask("GET", "\(path)/approve").status == 409)
    try await fixture.stop()
  }
}
