internal import Domain
internal import Mail
internal import TestKit
internal import Testing

@Suite struct MailMessageTests {
  private static func message(
    subject: String = "Hello", text: String = "Hello\n", html: String? = nil, name: String = "",
    fields: [MailField] = []
  ) throws -> String {
    let message = MailMessage(
      sender: try #require(MailAddress("lockbox@provider.test", name: name)),
      recipient: try #require(MailAddress("ana@acme.test")), subject: subject, text: text,
      html: html, messageID: try #require(MailMessageID(local: "a.1", domain: "provider.test")),
      date: try #require(Timestamp(rfc3339: "2026-11-22T12:03:04.5Z")), fields: fields)
    return String(decoding: message.content, as: UTF8.self)
  }

  @Test func `A mail is exactly so`() throws {
    let text = try Self.message(
      text: "Grüße\n", html: "<p>Grüße</p>", name: "Lockbox",
      fields: [try #require(.listID("requests.provider.test"))])
    let expected = """
      Date: Sun, 22 Nov 2026 12:03:04 +0000
      From: "Lockbox"
       <lockbox@provider.test>
      To: ana@acme.test
      Message-ID: <a.1@provider.test>
      Subject: Hello
      Auto-Submitted: auto-generated
      List-Id: <requests.provider.test>
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="=_lockbox"

      --=_lockbox
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      Gr=C3=BC=C3=9Fe

      --=_lockbox
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      <p>Gr=C3=BC=C3=9Fe</p>

      --=_lockbox--

      """
    #expect(
      text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        == expected)
  }

  @Test(arguments: [
    "a\r\nBcc: all@acme.test", "a\nBcc: all@acme.test", "a\rBcc: all@acme.test",
    "a\u{0}\r\n\r\nBcc: all@acme.test", "a\u{85}Bcc: all@acme.test", "a\u{2028}Bcc: all@acme.test",
    "ü\r\nBcc: all@acme.test", "=?UTF-8?Q?a=0D=0ABcc:_all?=",
  ])
  func `Text in a header ends no line of it`(_ hostile: String) throws {
    for text in [try Self.message(subject: hostile), try Self.message(name: hostile)] {
      let header = text.prefix(upTo: try #require(text.firstRange(of: "\r\n\r\n")).lowerBound)
      let lines = header.split(separator: "\r\n")
      #expect(!lines.contains { $0.lowercased().hasPrefix("bcc") })
      #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
      // Words that look encoded already are encoded once more, not passed on.
      #expect(!header.contains("=0D"))
    }
  }

  @Test func `Lines are short, whatever the text is`() throws {
    let long = [
      String(repeating: "a", count: 5_000), String(repeating: "😀", count: 2_000),
      String(repeating: "word ", count: 1_000), String(repeating: "=", count: 999),
    ]
    for text in long {
      let mail = try Self.message(subject: text, text: text, html: text)
      for line in mail.split(separator: "\r\n") { #expect(line.utf8.count <= 78) }
      #expect(mail.utf8.allSatisfy { $0 < 0x80 })
      #expect(!mail.contains(" \r\n"))
    }
  }

  @Test(arguments: [
    "ana@acme.test", "a.b+c@x-1.test", "o'brien@acme.test", "ana@localhost", "a@xn--bcher-kva.test",
  ])
  func `An address is one`(_ text: String) {
    #expect(MailAddress(text)?.description == text)
  }

  @Test(arguments: [
    "", "ana", "@acme.test", "ana@", "ana@acme.test\r\nRCPT TO:<b@x.test>", "a b@acme.test",
    "<ana@acme.test>", "ana@acme..test", ".ana@acme.test", "ana.@acme.test", "a..b@acme.test",
    "ana@-acme.test", "ana@acme.test>", "\"a b\"@acme.test", "añа@acme.test", "ana@bücher.test",
    "ana@acme.test ", "a@b@acme.test", "ana@[127.0.0.1]", "a\u{0}b@acme.test",
    String(repeating: "a", count: 65) + "@acme.test",
    "a@" + String(repeating: "a.", count: 130) + "test",
  ])
  func `What is no address is none`(_ text: String) {
    #expect(MailAddress(text) == nil)
  }

  @Test(
    arguments: [
      ("", "a"), ("X-A", ""), ("X-A", " "), ("X A", "a"), ("X:A", "a"), ("X-A", "a\r\nBcc: b"),
      ("X-A", "a\nb"), ("X-A", "ä"), ("Subject", "a"), ("bcc", "a"), ("Content-Type", "a"),
      ("X-A", String(repeating: "a", count: 900)),
    ])
  func `A field that would break the header is none`(_ name: String, _ value: String) {
    #expect(MailField(name, value) == nil)
  }

  @Test func `A message id is an atom at a domain`() {
    #expect(
      MailMessageID(local: "a.1", domain: "provider.test")?.description == "a.1@provider.test")
    for (local, domain) in [("", "a"), ("a", ""), ("a>", "b"), ("a\r\n", "b"), ("a", "b c")] {
      #expect(MailMessageID(local: local, domain: domain) == nil)
    }
    #expect(MailField.listID("a.b\r\nBcc: c") == nil)
  }
}
