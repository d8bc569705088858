internal import Domain
internal import Files
internal import TestKit
internal import Testing

@testable internal import Portal

@Suite("Portal: languages and templates")
struct TextsTests {
  private static let templates = PortalFiles.below("Templates").mapValues {
    String(decoding: $0, as: UTF8.self)
  }

  private static func texts(_ language: Language) throws -> Texts {
    try Texts(language, files: PortalFiles.below("Languages/\(language.rawValue)"))
  }

  @Test("all languages say the same things, with the same places to fill")
  func sameKeys() throws {
    let english = try Self.texts(.english).flat
    for language in Language.allCases {
      let texts = try Self.texts(language).flat
      #expect(Set(english.keys).subtracting(texts.keys).sorted() == [], "\(language)")
      #expect(Set(texts.keys).subtracting(english.keys).sorted() == [], "\(language)")
      for (key, text) in texts {
        #expect(!text.isEmpty && text.trimmed == text, "\(language): \(key)")
        #expect(Self.places(text) == Self.places(english[key] ?? ""), "\(language): \(key)")
      }
    }
  }

  private static func places(_ text: String) -> Set<Substring> {
    Set(text.matches(of: #/\{[a-z_]*\}/#).map(\.output))
  }

  @Test("no template says a word of its own: all comes from the languages")
  func noWords() {
    for (name, text) in Self.templates {
      let attributes = text.matches(
        of: #/\s(title|alt|placeholder|aria-label|label|content)="([^"]*)"/#
      ).map { String($0.output.2) }.filter {
        !["width=device-width, initial-scale=1", "light dark"].contains($0)
      }
      let bare = Self.bare(text)
      for part in [bare] + attributes.map(Self.bare) {
        #expect(!part.contains { $0.isLetter }, "\(name): \(part.trimmed)")
      }
    }
  }

  private static func bare(_ text: String) -> String {
    text.replacing(#/\{\{[^}]*\}\}/#, with: "").replacing(#/<[^>]*>/#, with: "")
      .replacing(#/&[a-z]+;/#, with: "")
  }

  @Test("every text that a template asks for is there")
  func textsExist() throws {
    let texts = try Self.texts(.english)
    for (name, text) in Self.templates {
      for match in text.matches(of: #/\{\{t\.([a-z0-9_.]+)\}\}/#) {
        #expect(texts.find(String(match.output.1)) != nil, "\(name): \(match.output.1)")
      }
    }
  }

  @Test(
    "a template has no raw values, no inline style or script, no foreign address, and a token in each form"
  )
  func rules() {
    for (name, text) in Self.templates {
      #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
      #expect(text.firstMatch(of: #/\s(style|on[a-z]+)=/#) == nil, "\(name)")
      #expect(text.firstMatch(of: #/<(style|iframe|object|embed|base)/#) == nil, "\(name)")
      #expect(text.firstMatch(of: #/<script(?![^>]*src=)/#) == nil, "\(name)")
      #expect(text.firstMatch(of: #/(href|src|action)="(https?:|\/\/)/#) == nil, "\(name)")
      let forms = text.matches(of: #/<form[^>]*method="post"[^>]*>\s*(\{\{>form-token\}\})?/#)
      #expect(forms.allSatisfy { $0.output.1 != nil }, "\(name) has a form without a token")
      #expect(text.matches(of: #/<form/#).count >= forms.count)
      for partial in text.matches(of: #/\{\{[<>]([a-z0-9-]+)\}\}/#) {
        let file = "\(partial.output.1).mustache"
        #expect(Self.templates[file] != nil, "\(name) asks for \(file)")
      }
    }
  }

  @Test("what a template shows is made harmless in blocks, sections and partials alike")
  func escaping() throws {
    let templates = try Templates([
      "layout.mustache": Array("[{{$main}}{{/main}}]".utf8),
      "row.mustache": Array("({{text}})".utf8),
      "page.mustache": Array(
        "{{<layout}}{{$main}}{{text}}{{#rows}}{{text}}{{>row}}{{/rows}}{{/main}}{{/layout}}".utf8),
    ])
    let hostile = "<\u{202e}'&"
    let html = templates.render("page", ["text": hostile, "rows": [["text": hostile]]])
    let shown = "&lt;\\u{202e}&#39;&amp;"
    #expect(html.filter { !$0.isNewline } == "[\(shown)\(shown)(\(shown))]")
  }

  @Test("a view model is read by name, nothing is nothing, and structs lie within one another")
  func viewNodes() throws {
    struct Row: Sendable {
      let text: String
      let more: String?
      let isHere: Bool
      let count: Int?
    }
    struct Model: Sendable {
      let title: Substring
      let rows: [Row]
      let row: Row?
      let none: Row?
      let map: [String: String]
    }
    let templates = try Templates([
      "page.mustache": Array(
        """
        {{title}}:{{#page.rows}}({{text}}{{#more}}+{{.}}{{/more}}{{^more}}-{{/more}}\
        {{#isHere}}!{{/isHere}}{{count}}{{title}}){{/page.rows}}{{#page.row}}[{{text}}]\
        {{/page.row}}{{^page.none}}none{{/page.none}}{{page.map.key}}{{page.title}}
        """.utf8)
    ])
    let row = Row(text: "a", more: nil, isHere: true, count: 3)
    let model = Model(
      title: "sub", rows: [row, Row(text: "b", more: "c", isHere: false, count: nil)], row: row,
      none: nil, map: ["key": "value"])
    let html = templates.render("page", ["title": "T", "page": model])
    #expect(html.filter { !$0.isNewline } == "T:(a-!3T)(b+cT)[a]nonevaluesub")
  }

  @Test("the program holds the very files of its sources")
  func files() throws {
    let sources = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    for directory in ["Templates", "Assets", "Languages/en", "Languages/de"] {
      let path = "/\(sources)/Sources/Portal/\(directory)"
      let names = try File.names(in: path)
      #expect(Set(PortalFiles.below(directory).keys) == Set(names), "run deploy/lib/portal-files")
      for name in names {
        #expect(PortalFiles.all["\(directory)/\(name)"] == (try File.read("\(path)/\(name)")))
      }
    }
  }

  @Test(
    "the reader's languages choose",
    arguments: [
      (nil, Language.english), ("", .english), ("de", .german), ("DE-at, en;q=0.5", .german),
      ("en;q=0.5, de;q=0.8", .german), ("fr, de;q=0.3, en;q=0.7", .english), ("de;q=0", .english),
      ("fr", .english), ("de;q=x", .german), (";;,,", .english), ("*", .english),
    ])
  func acceptLanguage(_ field: String?, _ language: Language) {
    #expect(Language(acceptLanguage: field) == language)
  }

  @Test("a language that was chosen stays, over what the browser says")
  func choice() async throws {
    let fixture = try await PortalFixture()
    let browser = fixture.browser()
    #expect(try await browser.ask("GET", "/sign-in").body.contains("<html lang=\"en\">"))
    let german = try await browser.ask("GET", "/sign-in", ["accept-language": "de"])
    #expect(german.body.contains("<html lang=\"de\">") && german.body.contains("Anmelden"))
    let chosen = try await browser.ask("GET", "/language/de?return=/sign-in")
    #expect(chosen.fields["location"] == "/sign-in")
    #expect(
      try await browser.ask("GET", "/sign-in", ["accept-language": "en"]).body.contains("Anmelden"))
    #expect(try await browser.ask("GET", "/language/xx").status == 404)
    try await fixture.stop()
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
