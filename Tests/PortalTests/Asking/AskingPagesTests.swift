internal import Domain
internal import LockboxProto
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

struct AskingPagesTests {
  private static let filled = [
    WebField("tenant", "contoso"), WebField("workload", "mail"), WebField("ticket", "T-1"),
    WebField("reason", "customer_initiated_support"), WebField("severity", "high"),
    WebField("justification", "Mail loops.\r\nI read the rules, because the log is silent."),
    WebField("resources", "mailboxes/alice\r\n"), WebField("action", "read"),
    WebField("seconds", "1800"), WebField("step", "send"),
  ]

  private static func filled(_ changes: [WebField]) -> [WebField] {
    filled.filter { field in !changes.contains { $0.name == field.name } } + changes
  }

  @Test func `a form that is sent twice is one request`() async throws {
    try await RealLockbox.run { lockbox in
      let erin = try await lockbox.browser(.erin)
      let page = try await erin.ask("GET", "/ask")
      #expect(page.status == 200)
      var places: Set<String?> = []
      for _ in 0..<2 {
        let answer = try await erin.submit(page, to: "/ask", Self.filled)
        #expect(answer.status == 303, "\(answer.body)")
        places.insert(answer.fields["location"])
      }
      #expect(places.count == 1)
      let place = try #require(places.first ?? nil)
      let shown = try await erin.ask("GET", place)
      #expect(shown.status == 200 && shown.body.contains("Mail loops.<br>"))
      let own = try await erin.ask("GET", "/own")
      #expect(own.status == 200 && own.body.contains(place))
      let other = try await erin.submit(
        page, to: "/ask", Self.filled([WebField("ticket", "T-2")]))
      #expect(other.status == 409)
    }
  }

  @Test func `every violation stands at its field, and nothing that was typed is lost`()
    async throws
  {
    try await RealLockbox.run { lockbox in
      let erin = try await lockbox.browser(.erin)
      let page = try await erin.ask("GET", "/ask")
      let answer = try await erin.submit(
        page, to: "/ask",
        Self.filled([
          WebField("tenant", "NO"), WebField("reason", ""), WebField("justification", ""),
          WebField("resources", "a//b\r\nc"), WebField("action", "none"),
        ]))
      #expect(answer.status == 422)
      for id in ["tenant", "reason", "justification", "resources", "action"] {
        #expect(answer.body.contains("id=\"\(id)-problems\""), "\(id)")
      }
      #expect(!answer.body.contains("id=\"ticket-problems\""))
      #expect(answer.body.contains("a//b&#10;c&#10;") || answer.body.contains("a//b\nc"))
      #expect(answer.hidden.first { $0.name == "key" } == page.hidden.first { $0.name == "key" })
    }
  }

  @Test func `a secret is asked about once`() async throws {
    try await RealLockbox.run { lockbox in
      let erin = try await lockbox.browser(.erin)
      let page = try await erin.ask("GET", "/ask")
      let told = Self.filled([WebField("justification", "the password: hunter2 does not work")])
      let asked = try await erin.submit(page, to: "/ask", told)
      #expect(asked.status == 422 && asked.body.contains("name=\"meant\""))
      let sent = try await erin.submit(page, to: "/ask", told + [WebField("meant", "1")])
      #expect(sent.status == 303)
    }
  }

  @Test func `advice comes without a script, and with one`() async throws {
    try await RealLockbox.run { lockbox in
      let erin = try await lockbox.browser(.erin)
      let page = try await erin.ask("GET", "/ask")
      let terse = Self.filled([
        WebField("justification", "Mail loops"), WebField("step", "check"),
      ])
      let checked = try await erin.submit(page, to: "/ask", terse)
      #expect(checked.status == 200 && checked.body.contains("It is very short."))
      let live = try await erin.submit(page, to: "/ask/hints", terse)
      #expect(live.status == 200 && live.body.contains("It is very short."))
      #expect(live.fields["content-type"] == "application/json")
    }
  }

  @Test("only engineers ask", arguments: [RealLockbox.Who.mia, .ana, .audrey])
  func others(_ who: RealLockbox.Who) async throws {
    try await RealLockbox.run { lockbox in
      let browser = try await lockbox.browser(who)
      let page = try await browser.ask("GET", "/ask")
      #expect(page.status == 403)
      let sent = try await browser.submit(
        page, to: "/ask", Self.filled([WebField("key", "k"), WebField("extends", "")]))
      #expect(sent.status == 403)
    }
  }

  @Test func `an engineer withdraws, and asks to continue what is granted`() async throws {
    try await RealLockbox.run { lockbox in
      let erin = try await lockbox.browser(.erin)
      let waiting = try await lockbox.submitted()
      let page = try await erin.ask("GET", "/requests/\(waiting)/withdraw")
      let gone = try await erin.submit(page, to: "/requests/\(waiting)/withdraw", [])
      #expect(gone.status == 303)
      let isWithdrawn = await eventually {
        (try? await lockbox.record(waiting))?.state == .withdrawn
      }
      #expect(isWithdrawn)
      let (_, grant) = try await lockbox.granted()
      let more = try await erin.ask("GET", "/ask?grant=\(grant)")
      #expect(more.status == 200 && more.body.contains("mailboxes/alice"))
      #expect(more.hidden.contains(WebField("extends", grant)))
      let mia = try await lockbox.browser(.mia)
      #expect(try await mia.ask("GET", "/queue").status == 200)
    }
  }
}
