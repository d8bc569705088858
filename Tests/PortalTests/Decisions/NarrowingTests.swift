internal import Domain
internal import DomainProto
internal import LockboxProto
internal import StandardProto
internal import Testing
internal import Web

@testable internal import Portal

struct NarrowingTests {
  static let standing = CommonV1.Terms(
    scope: .init(resources: ["mailboxes/alice", "files/a"], actions: [.read, .write]),
    duration: .init(Duration.hours(2)))

  static func form(_ changes: [WebField] = [], without: [String] = []) -> WebForm {
    let usual = [
      WebField("narrow", "1"), WebField("resource", "mailboxes/alice"),
      WebField("action", "read"), WebField("seconds", "1800"),
    ]
    return WebForm(usual.filter { !without.contains($0.name) } + changes)
  }

  @Test func `what is chosen is what would be granted`() throws {
    var problems: [Narrowing.Problem] = []
    let narrowing = try #require(
      Narrowing(
        Self.form([WebField("below", " files/a/b \r\n\r\nfiles/a/b")]), within: Self.standing,
        problems: &problems))
    #expect(problems.isEmpty)
    let terms = narrowing.terms(within: Self.standing)
    #expect(terms.scope?.resources == ["mailboxes/alice", "files/a/b"])
    #expect(terms.scope?.actions == [.read])
    #expect(Duration(terms.duration) == .seconds(1800))
    #expect(terms.startTime == nil)
  }

  @Test func `the form that confirms it gives the same again`() throws {
    var problems: [Narrowing.Problem] = []
    let first = try #require(
      Narrowing(
        Self.form([WebField("from", "2026-11-23T01:00")]), within: Self.standing,
        problems: &problems))
    let again = WebForm(first.fields.map { WebField($0.name, $0.value) })
    let second = try #require(
      Narrowing(again, within: first.terms(within: Self.standing), problems: &problems))
    #expect(problems.isEmpty && first == second)
    #expect(
      first.terms(within: Self.standing)
        == second.terms(within: first.terms(within: Self.standing)))
  }

  static let bad: [(WebForm, [Narrowing.Problem])] = [
    (form(without: ["resource"]), [.noResource]),
    (form(without: ["action"]), [.noAction]),
    (form([WebField("action", "delete")], without: ["action"]), [.noAction]),
    (form([WebField("below", "mailboxes/alicent")]), [.tooWide]),
    (form([WebField("below", "mailboxes")]), [.tooWide]),
    (form([WebField("seconds", "7201")], without: ["seconds"]), [.badDuration]),
    (form([WebField("seconds", "0")], without: ["seconds"]), [.badDuration]),
    (form([WebField("seconds", "1h")], without: ["seconds"]), [.badDuration]),
    (form([WebField("from", "tomorrow")]), [.badStart]),
    (WebForm([WebField("narrow", "1")]), [.noResource, .noAction, .badDuration]),
  ]

  @Test("what nobody can give is said", arguments: bad)
  func problems(_ form: WebForm, _ expected: [Narrowing.Problem]) {
    var problems: [Narrowing.Problem] = []
    _ = Narrowing(form, within: Self.standing, problems: &problems)
    #expect(problems == expected)
  }

  @Test func `a form that does not narrow gives all that stands`() {
    var problems: [Narrowing.Problem] = []
    #expect(
      Narrowing(
        WebForm([WebField("resource", "x")]), within: Self.standing, problems: &problems) == nil)
    #expect(problems.isEmpty)
  }
}

struct TypedConfirmationTests {
  private func confirmation(_ name: String, _ id: String) -> TypedConfirmation {
    TypedConfirmation(
      for: .init(
        requestID: "019aa0c4-5b7e-7c31-9d1e-1c2a3b4c5d6e",
        engineer: .init(issuer: "https://x", id: id, displayName: name)))
  }

  @Test(
    "what is asked to be typed can be typed",
    arguments: [
      ("Erin Example", "erin", "Erin Example"), ("", "erin", "erin"),
      // Cyrillic letters that look Latin, a hidden character, and nothing but marks.
      ("\u{0415}rin", "erin", "erin"), ("Erin\u{202E}", "erin", "erin"),
      ("--", "12", "3b4c5d6e"), ("Ерин", "ерин", "3b4c5d6e"),
    ])
  func expected(_ name: String, _ id: String, _ expected: String) {
    #expect(confirmation(name, id).expected == expected)
    #expect(confirmation(name, id).isMet(by: expected))
  }

  @Test(
    "letters' case and white space do not count, and nothing else is let through",
    arguments: [
      ("erin example", true), ("  ERIN   Example ", true), ("erin", true), ("", false),
      (" ", false), ("erinexample", false), ("Erin Exampl", false), ("Erik Example", false),
      ("yes", false),
    ])
  func typed(_ text: String, _ isMet: Bool) {
    #expect(confirmation("Erin Example", "erin").isMet(by: text) == isMet)
  }
}
