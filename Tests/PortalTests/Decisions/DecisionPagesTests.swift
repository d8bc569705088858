internal import Domain
internal import LockboxProto
internal import RPC
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

/// Deciding in a browser without scripts, before real services.
struct DecisionPagesTests {
  @Test func `whoever types the engineer's name approves, and a second click changes nothing`()
    async throws
  {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.waiting()
      let ana = try await lockbox.browser(.ana)
      let shown = try await ana.ask("GET", "/requests/\(id)")
      #expect(shown.status == 200 && shown.body.contains("/requests/\(id)/approve"))
      let page = try await ana.ask("GET", "/requests/\(id)/approve")
      #expect(page.body.contains("mailboxes/alice") && page.body.contains("erin (test)"))
      let wrong = try await ana.submit(
        page, to: "/requests/\(id)/approve", [WebField("typed", "eric")])
      #expect(wrong.status == 422)
      #expect(try await lockbox.record(id).state == .awaitingCustomer)
      for _ in 0..<2 {
        let answer = try await ana.submit(
          page, to: "/requests/\(id)/approve",
          [WebField("typed", " Erin  (TEST) "), WebField("comment", "as\r\ntold")])
        #expect(answer.status == 303, "\(answer.body)")
        #expect(answer.fields["location"] == "/requests/\(id)")
      }
      let record = try await lockbox.record(id)
      #expect(record.state == .approved)
      #expect(record.decisions.map(\.comment) == ["", "as\ntold"])
      #expect(record.decisions.last?.terms == nil)
      let after = try await ana.ask("GET", "/requests/\(id)")
      #expect(after.body.contains("Your approval is recorded."))
      #expect(after.body.contains("/grants/"))
    }
  }

  @Test func `an approver gives less, and just that is granted`() async throws {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.waiting()
      let ana = try await lockbox.browser(.ana)
      let form = try await ana.ask("GET", "/requests/\(id)/narrow")
      #expect(form.status == 200 && form.body.contains("value=\"mailboxes/bob\" checked"))
      let empty = try await ana.submit(form, to: "/requests/\(id)/narrow", [])
      #expect(empty.status == 422)
      let chosen = [WebField("action", "read"), WebField("seconds", "1800")]
      let wide = try await ana.submit(
        form, to: "/requests/\(id)/narrow", chosen + [WebField("below", "mailboxes/carol")])
      #expect(wide.status == 422 && wide.body.contains("lies below none"))
      let page = try await ana.submit(
        form, to: "/requests/\(id)/narrow",
        chosen + [WebField("below", "mailboxes/alice/inbox\r\n")])
      #expect(page.status == 200 && page.body.contains("30 min"))
      for _ in 0..<2 {
        let answer = try await ana.submit(
          page, to: "/requests/\(id)/approve", [WebField("typed", "erin")])
        #expect(answer.status == 303, "\(answer.body)")
      }
      let grant = try #require(try await lockbox.record(id).grant)
      #expect(grant.scope?.resources == ["mailboxes/alice/inbox"])
      #expect(grant.scope?.actions == [.read])
    }
  }

  @Test func `a denial needs a reason, and ends the request for all who look at it`() async throws {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.waiting()
      let ana = try await lockbox.browser(.ana)
      let approval = try await ana.ask("GET", "/requests/\(id)/approve")
      let page = try await ana.ask("GET", "/requests/\(id)/deny")
      let silent = try await ana.submit(
        page, to: "/requests/\(id)/deny", [WebField("comment", "  ")])
      #expect(silent.status == 422 && silent.body.contains("Say why"))
      let answer = try await ana.submit(
        page, to: "/requests/\(id)/deny", [WebField("comment", "no such ticket")])
      #expect(answer.status == 303)
      #expect(try await lockbox.record(id).state == .denied)
      let late = try await ana.submit(
        approval, to: "/requests/\(id)/approve", [WebField("typed", "erin")])
      #expect(late.status == 409)
      #expect(late.body.contains("state-denied"), "the page says how it stands now")
      let closed = try await ana.ask("GET", "/requests/\(id)/approve")
      #expect(closed.status == 409)
    }
  }

  @Test func `a decision on another digest or an earlier stage is none`() async throws {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.submitted()
      let mia = try await lockbox.browser(.mia)
      let page = try await mia.ask("GET", "/requests/\(id)/approve")
      var other = page
      other.bytes = Array(
        page.body.replacing(
          "name=\"digest\" value=\"",
          with: "name=\"digest\" value=\"\(String(repeating: "0", count: 64))\" data-old=\""
        ).utf8)
      let forged = try await mia.submit(
        other, to: "/requests/\(id)/approve", [WebField("typed", "erin")])
      #expect(forged.status == 409)
      try await lockbox.approved(id, by: lockbox.manager)
      let max = try await lockbox.browser(.max)
      let late = try await max.submit(
        page, to: "/requests/\(id)/approve", [WebField("typed", "erin")])
      #expect(late.status == 409 && late.body.contains("state-awaiting_customer"))
      #expect(try await lockbox.record(id).decisions.count == 1)
    }
  }

  @Test(
    "who may not decide is offered nothing, and refused all the same",
    arguments: [RealLockbox.Who.audrey, .adam, .erin, .max])
  func roles(_ who: RealLockbox.Who) async throws {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.waiting()
      let browser = try await lockbox.browser(who)
      let page = try await browser.ask("GET", "/requests/\(id)")
      #expect(page.status == 200)
      #expect(!page.body.contains("/approve") && !page.body.contains("/deny"))
      #expect(!page.body.contains("/question"))
      #expect([403, 409].contains(try await browser.ask("GET", "/requests/\(id)/approve").status))
      let shown = try #require(ShownRequest(try await lockbox.record(id)))
      let fields =
        shown.fields.map { WebField($0.name, $0.value) } + [
          WebField("typed", "erin"), WebField("comment", "x"),
        ]
      for verdict in ["approve", "deny"] {
        let answer = try await browser.submit(page, to: "/requests/\(id)/\(verdict)", fields)
        #expect(answer.status == 403, "\(who) \(verdict)")
      }
      #expect(try await lockbox.record(id).state == .awaitingCustomer)
    }
  }

  @Test func `a manager asks, the engineer answers, and both read it`() async throws {
    try await RealLockbox.run { lockbox in
      let id = try await lockbox.submitted()
      let mia = try await lockbox.browser(.mia)
      let asked = try await mia.post("/requests/\(id)/question", ["text": "Why all of <it>?"])
      #expect(asked.status == 303)
      let erin = try await lockbox.browser(.erin)
      let page = try await erin.ask("GET", "/requests/\(id)")
      #expect(page.body.contains("Why all of &lt;it&gt;?"))
      #expect(page.body.contains("/requests/\(id)/answer"))
      let answered = try await erin.post("/requests/\(id)/answer", ["text": "The rule loops."])
      #expect(answered.status == 303)
      #expect(try await mia.ask("GET", "/requests/\(id)").body.contains("The rule loops."))
      #expect(try await lockbox.record(id).state == .awaitingProvider)
    }
  }

  @Test func `text of others shows as what it is`() async throws {
    try await RealLockbox.run { lockbox in
      let hostile = "<script>alert(1)</script> \"\u{301} onload=x 'txt.exe =1+1"
      let id = try await lockbox.waiting {
        $0.justification = hostile
        $0.ticket = "<img src=x>"
        $0.scope = .init(resources: ["mailboxes/<b>\"alice\"\u{301}"], actions: [.read])
      }
      let ana = try await lockbox.browser(.ana)
      for path in ["", "/approve", "/narrow", "/deny"] {
        let body = try await ana.ask("GET", "/requests/\(id)\(path)").body
        #expect(!body.contains("<script>alert") && !body.contains("<img src=x"))
        #expect(!body.contains("<b>\""))
        // A mark that follows a quote must not hide it.
        #expect(!body.utf8.contains(quoteAndMark), "\(path)")
      }
    }
  }

  /// A bare quote and U+0301.
  private var quoteAndMark: [UInt8] { [0x22, 0xCC, 0x81] }
}

extension String.UTF8View {
  fileprivate func contains(_ bytes: [UInt8]) -> Bool { firstRange(of: bytes) != nil }
}
