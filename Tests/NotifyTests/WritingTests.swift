internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import Notify

@Suite struct WritingTests {
  private static func content(
    _ payload: EventV1.Event.Payload, justification: String = "Mail loops for Alice",
    phase: RequestProgress.Phase? = nil
  ) throws -> NoticeContent {
    var access = Samples.accessRequest
    access.justification = justification
    var progress = RequestProgress(after: Samples.stageOpened(.customer, stage: 1), payload)
    if let phase { progress.phase = phase }
    let stored = StoredRequest(
      id: Samples.request, tenant: Samples.acme, accessRequest: try access.serialized(),
      engineerMail: "", progress: progress)
    return NoticeContent(
      event: Samples.event(payload), request: stored, settings: Samples.settings())
  }

  private static func draft(
    _ kind: NoticeKind, _ detail: NoticeDetail = .summary, _ language: NoticeLanguage = .english,
    audience: Audience = .customer, timeZone: String = "UTC"
  ) -> NoticeDraft {
    NoticeDraft(
      lane: .mail("a@acme.test"), owner: Samples.acme, tenant: Samples.acme,
      request: Samples.request, event: .make(at: Samples.now), kind: kind, audience: audience,
      language: language, detail: detail, timeZone: timeZone, notBefore: Samples.now)
  }

  private static func message(
    _ draft: NoticeDraft, _ content: NoticeContent, isRepeated: Bool = false
  ) throws -> WrittenMessage {
    let writer = try NoticeWriter(portal: "https://portal.test")
    return writer.message(
      [writer.write(draft, content)], draft.language, isRepeated: isRepeated)
  }

  @Test func `A mail says who, why, how long and until when, and links to the request's page`()
    throws
  {
    let message = try Self.message(
      Self.draft(.approvalNeeded, timeZone: "Europe/Berlin"),
      try Self.content(Samples.stageOpened(.customer, stage: 1)))
    #expect(message.subject == "Access to exchange waits for your approval")
    let expected = """
      Erin Engineer (erin) asks for access to your data in exchange. Nothing is opened unless you \
      approve it. Please read the request and decide before 2026-11-22 01:00 Europe/Berlin \
      (00:00 UTC); an unanswered request expires.

      Engineer: Erin Engineer (erin)
      Workload: exchange
      Reason: support that the customer asked for
      Ticket: T-4711
      Access for: 2 h
      Actions: read
      Answer before: 2026-11-22 01:00 Europe/Berlin (00:00 UTC)

      Open the request: https://portal.test/requests/\(Samples.request)

      --\u{20}
      Lockbox sends no links that decide anything: sign in to the portal, read, then decide.
      """
    #expect(
      message.text.split(separator: "\n") == expected.split(separator: "\n"), "\(message.text)")
    #expect(message.html.contains("href=\"https://portal.test/requests/\(Samples.request)\""))
    #expect(message.html.components(of: "<a ") == 1)
  }

  @Test func `Each detail says what it may, and no more`() throws {
    let content = try Self.content(
      .threadEntryAdded(.init(entry: .init(kind: .answer, author: Samples.erin, text: "Because."))))
    let secrets: [(text: String, from: NoticeDetail)] = [
      ("Erin", .summary), ("exchange", .summary), ("T-4711", .summary),
      ("mailboxes/alice", .full), ("Mail loops", .full), ("Because.", .full),
    ]
    for detail in NoticeDetail.allCases {
      let message = try Self.message(Self.draft(.answer, detail), content)
      for (text, from) in secrets {
        let isThere = detail >= from
        #expect(message.text.contains(text) == isThere, "\(detail): \(text)")
        #expect((message.html + message.subject).contains(text) == isThere, "\(detail): \(text)")
      }
    }
  }

  @Test(arguments: NoticeLanguage.allCases)
  func `Every kind for every audience is complete in every language`(_ language: NoticeLanguage)
    throws
  {
    let writer = try NoticeWriter(portal: "https://portal.test")
    for kind in NoticeKind.allCases {
      for audience in Audience.allCases {
        let sample = SampleContent(
          kind: kind, tenant: Samples.acme, settings: Samples.settings(), now: Samples.now)
        for detail in NoticeDetail.allCases {
          let notice = writer.write(
            Self.draft(kind, detail, language, audience: audience), try sample.content(nil))
          #expect(!notice.subject.isEmpty && !notice.lead.isEmpty, "\(kind)")
          for text in [notice.subject, notice.lead] {
            #expect(!text.contains("{{") && !text.contains("  "), "\(kind) \(audience): \(text)")
            #expect(
              !text.contains(" ;") && !text.contains(" .") && !text.contains("before ;")
                && !text.contains("before ."), "\(kind) \(audience): \(text)")
          }
        }
      }
    }
  }

  @Test func `The languages have the same sentences, labels and words`() {
    let (english, german) = (NoticeWords.english, NoticeWords.german)
    #expect(english.sentences.keys.sorted() == german.sentences.keys.sorted())
    for words in [english, german] {
      #expect(Set(words.labels.keys) == Set(NoticeWords.Label.allCases))
      #expect(Set(words.phases.keys) == Set(RequestProgress.Phase.allCases))
      #expect(words.reasons.count == 5 && words.severities.count == 4 && words.actions.count == 5)
    }
    let kinds = Set(NoticeKind.allCases.map(\.apiName))
    #expect(kinds == Set(english.sentences.keys.map { String($0.prefix { $0 != "." }) }))
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{subject}}", "{{{html}}}",
    "\u{202e}gnp.exe", "a\u{7}b", "\u{1b}[31mred", "\u{2066}x\u{2069}", "=HYPERLINK(\"x\")",
    "one\r\nBcc: x@y\n\ntwo", "</blockquote></body>", "&lt;b&gt;", "\u{feff}\u{200b}\u{ad}",
  ])
  func `What others wrote is what it is`(_ hostile: String) throws {
    let content = try Self.content(
      Samples.stageOpened(.customer, stage: 1), justification: hostile)
    let message = try Self.message(Self.draft(.approvalNeeded, .full), content)
    let plain = try Self.message(
      Self.draft(.approvalNeeded, .full),
      try Self.content(Samples.stageOpened(.customer, stage: 1), justification: "x"))
    #expect(message.html.components(of: "<") <= plain.html.components(of: "<") + 4, "only <br>")
    for markup in ["<script", "<img", "onerror=alert(1)>", "<b>"] {
      #expect(!message.html.contains(markup))
    }
    #expect(message.subject == plain.subject)
    let isVisible: (Unicode.Scalar) -> Bool = { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar == "\n"
      case .format, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
    #expect(message.text.unicodeScalars.allSatisfy(isVisible))
    #expect(message.html.unicodeScalars.allSatisfy(isVisible))
    #expect(!message.text.split(separator: "\n").contains { $0.hasPrefix("Bcc:") })
  }

  @Test func `A display name cannot break out of a subject`() throws {
    var content = try Self.content(Samples.stageOpened(.provider))
    content = NoticeContent(
      event: content.event, request: content.request,
      settings: .init(tenantID: "acme", displayName: "Acme\r\nBcc: x@y {{workload}} <b>"))
    let message = try Self.message(
      Self.draft(.approvalNeeded, audience: .managers), content)
    #expect(message.subject.contains("Acme\\u{d}\\u{a}Bcc: x@y {{workload}} <b>"))
    #expect(!message.html.contains("<b>"))
  }

  @Test func `What was narrowed, and what has happened since, is said`() throws {
    let payload = EventV1.Event.Payload.accessRequestApproved(
      .init(grant: Samples.grant(duration: .hours(1))))
    let message = try Self.message(
      Self.draft(.approved), try Self.content(payload, phase: .revoked))
    #expect(message.text.contains("to less than was asked for"))
    #expect(message.text.contains("Since then the request: was revoked"))
    let whole = try Self.message(
      Self.draft(.approved),
      try Self.content(.accessRequestApproved(.init(grant: Samples.grant()))))
    #expect(!whole.text.contains("less") && !whole.text.contains("Since then"))
  }

  @Test func `Lockbox switched off stands in the subject`() throws {
    let settings = Samples.settings(isOn: false)
    let content = NoticeContent(
      event: Samples.event(.tenantApplied(.init(settings: settings, version: 7)), of: nil),
      request: nil, settings: settings)
    let off = try Self.message(Self.draft(.settingsChanged), content)
    #expect(off.subject == "Lockbox is OFF for Acme Corporation")
    #expect(off.text.contains("Ana Approver (ana) has changed your lockbox settings"))
    let german = try Self.message(Self.draft(.settingsChanged, .summary, .german), content)
    #expect(german.subject == "Lockbox ist AUS für Acme Corporation")
  }

  @Test func `A digest is one mail with a part for each notice`() throws {
    let writer = try NoticeWriter(portal: "https://portal.test")
    let notices = try [NoticeKind.denied, .grantEnded].map { kind in
      writer.write(
        Self.draft(kind),
        try Self.content(
          kind == .denied ? .accessRequestDenied(.init()) : .grantEnded(.init())))
    }
    let message = writer.message(notices, .english, isRepeated: true)
    #expect(message.subject == "2 notices about access requests")
    #expect(message.text.contains(notices[0].subject) && message.text.contains(notices[1].subject))
    #expect(message.text.components(of: "----") == 1)
    #expect(message.text.contains("may have reached you before"))
    #expect(message.html.components(of: "<h1") == 2)
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
