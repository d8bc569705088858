internal import Domain
internal import Mail
internal import TestKit
internal import Testing

@testable internal import Development

@Suite struct MimeEntityTests {
  @Test(arguments: [
    "Hello\n", "", "\n\n", ".\n", "trailing \nspace\t\n", "Grüße 😀 = =3D =\n",
    String(repeating: "lang ", count: 500), "--=_lockbox\n--=_lockbox--\n",
  ])
  func `What Mail writes is read back`(_ text: String) throws {
    let message = MailMessage(
      sender: try #require(MailAddress("lockbox@provider.test", name: "Łockbox \"x\"")),
      recipient: try #require(MailAddress("ana@acme.test")),
      subject: "Zugriff für Ängström — " + String(repeating: "ü", count: 80), text: text,
      html: "<p>\(text)</p>", messageID: try #require(MailMessageID(local: "a", domain: "b.test")),
      date: .epoch)
    let entity = MimeEntity(message.content)
    #expect(entity["subject"] == message.subject)
    #expect(entity["from"] == "Łockbox \"x\" <lockbox@provider.test>")
    #expect(entity["message-id"] == "<a@b.test>")
    let ended = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
    #expect(entity.text("text/plain") == ended)
    #expect(entity.text("text/html") == "<p>\(text)</p>\n")
  }

  @Test(
    arguments: [
      ("=?UTF-8?Q?a=C3=BC_b?= c", "aü b c"), ("=?utf-8?b?w7w=?=\t=?UTF-8?B?w7w=?=", "üü"),
      ("a =?UTF-8?B?w7w=?= b", "a ü b"), ("=?latin1?Q?=FC?=", "=?latin1?Q?=FC?="),
      ("=?UTF-8?B?w7w", "=?UTF-8?B?w7w"), ("=?UTF-8?X?a?=", "=?UTF-8?X?a?="), ("==?", "==?"),
      ("", ""),
    ])
  func `Encoded words are read`(_ text: String, _ expected: String) {
    #expect(EncodedWords.decode(text) == expected)
  }

  @Test func `Nothing that is sent brings it down`() {
    var random = TestGenerator.announced()
    let pieces = [
      "\r\n", "\r\n\r\n", ":", "Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\n", "--b--",
      "=?UTF-8?B?", "?=", "=", "=3", "\r", " ", "Content-Transfer-Encoding: base64\r\n", "a\u{0}ü",
    ]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...30, using: &random))
        .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let entity = MimeEntity(Array(text.utf8))
      _ = entity.text("text/plain")
      _ = entity.text("text/html")
    }
    var deep = ""
    for _ in 0..<200 { deep += "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" }
    #expect(MimeEntity(Array(deep.utf8)).text("text/html") == nil)
  }
}
