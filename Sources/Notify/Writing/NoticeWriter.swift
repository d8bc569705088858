internal import Domain
internal import LockboxProto
internal import Mustache
internal import Words

/// A notice as its recipient reads it.
struct WrittenNotice: Hashable, Sendable {
  let subject: String
  /// A sentence or a few.
  let lead: String
  let rows: [Row]
  /// What people wrote, for itself.
  let passages: [Passage]
  /// The page of the portal; empty: there is none.
  let url: String
  /// What the link says.
  let open: String

  struct Row: Hashable, Sendable {
    let label: String
    let value: String
  }

  struct Passage: Hashable, Sendable {
    let label: String
    let lines: [String]
  }
}

/// A message as it is sent: one notice, or those of a digest.
struct WrittenMessage: Hashable, Sendable {
  let subject: String
  let text: String
  let html: String
}

/// Writes notices: pure. Subjects, leads and layouts are Mustache; every value in them is visible
/// characters, and HTML escapes them.
struct NoticeWriter: Sendable {
  /// What pages of the portal begin with, without the last `/`; empty: there is no portal.
  let portal: String
  private let text: MustacheTemplate
  private let html: MustacheTemplate
  private let sentences: [String: Sentence]

  private struct Sentence: Sendable {
    let subject: MustacheTemplate
    let lead: MustacheTemplate
  }

  init(portal: String) throws {
    self.portal = portal
    text = try MustacheTemplate(string: NoticeLayouts.text)
    html = try MustacheTemplate(string: NoticeLayouts.html)
    var sentences: [String: Sentence] = [:]
    for language in NoticeLanguage.allCases {
      let words = NoticeWords.of(language)
      for kind in NoticeKind.allCases {
        for audience in Audience.allCases {
          let sentence = words.sentence(kind, audience)
          sentences[Self.key(language, kind, audience)] = Sentence(
            subject: try Self.template(sentence.subject), lead: try Self.template(sentence.lead))
        }
      }
    }
    self.sentences = sentences
  }

  private static func key(
    _ language: NoticeLanguage, _ kind: NoticeKind, _ audience: Audience
  ) -> String { "\(language.rawValue).\(kind.rawValue).\(audience.rawValue)" }

  private static func template(_ text: String) throws -> MustacheTemplate {
    try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
  }

  func write(_ notice: NoticeDraft, _ content: NoticeContent) -> WrittenNotice {
    let facts = NoticeFacts(notice, content)
    guard let sentence = sentences[Self.key(notice.language, notice.kind, notice.audience)] else {
      preconditionFailure("every kind has its sentence")
    }
    var context: [String: Any] = facts.values.filter { !$1.isEmpty }
    for flag in facts.flags { context[flag] = true }
    let words = NoticeWords.of(notice.language)
    return WrittenNotice(
      subject: Printable.line(sentence.subject.render(context)),
      lead: sentence.lead.render(context),
      rows: facts.rows.map { .init(label: $0.label, value: $0.value) },
      passages: facts.passages.map { .init(label: $0.label, lines: $0.lines) },
      url: url(notice), open: words[.open])
  }

  /// The only link: to a page that asks who you are.
  private func url(_ notice: NoticeDraft) -> String {
    guard !portal.isEmpty else { return "" }
    return notice.request.map { "\(portal)/requests/\($0)" } ?? "\(portal)/"
  }

  /// - Parameter isRepeated: it may have arrived before.
  func message(
    _ notices: [WrittenNotice], _ language: NoticeLanguage, isRepeated: Bool
  ) -> WrittenMessage {
    let words = NoticeWords.of(language)
    let subject =
      notices.count == 1
      ? notices[0].subject
      : words.digestSubject.replacing("{{count}}", with: "\(notices.count)")
    var context: [String: Any] = [
      "language": language.rawValue, "subject": subject, "footer": words[.footer],
      "notices": notices.enumerated().map { place, notice in
        Self.context(
          notice, heading: notices.count > 1, isLast: place == notices.count - 1)
      },
    ]
    if isRepeated { context["repeated"] = words[.repeated] }
    return WrittenMessage(
      subject: subject, text: text.render(context), html: html.render(context))
  }

  private static func context(
    _ notice: WrittenNotice, heading: Bool, isLast: Bool
  ) -> [String: Any] {
    var context: [String: Any] = [
      "title": notice.subject, "lead": notice.lead, "open": notice.open,
      "rows": notice.rows.map { ["label": $0.label, "value": $0.value] },
      "passages": notice.passages.map { passage -> [String: Any] in
        ["label": passage.label, "lines": passage.lines]
      },
    ]
    if heading { context["heading"] = notice.subject }
    if !notice.url.isEmpty { context["url"] = notice.url }
    if isLast { context["last"] = true }
    return context
  }
}
