internal import Domain
internal import Logging
internal import ServiceKit
internal import StrictJSON
internal import TLS
internal import TestKit
internal import Testing
internal import Web

@testable internal import Development

@Suite("pages of caught mails")
struct MailPagesTests {
  private let mails = CaughtMails()

  private func listed(_ html: String) -> String {
    let content = """
      Subject: <script>alert(1)</script>\r
      Content-Type: multipart/alternative; boundary=b\r
      \r
      --b\r
      Content-Type: text/plain\r
      \r
      See https://localhost:7710/requests/1 or <b>\u{202E}\r
      --b\r
      Content-Type: text/html\r
      \r
      \(html)\r
      --b--\r

      """
    mails.add(
      CaughtMail(
        sender: "lockbox@provider.test", recipients: ["ana@acme.test"],
        content: Array(content.utf8), received: .epoch))
    return content
  }

  @Test("programs get them as JSON, one recipient's or all")
  func json() throws {
    _ = listed("<p>hi</p>")
    let pages = MailPages(mails: mails)
    let mail = try #require(
      try JsonParser.parse(Array(pages.json(to: "ana@acme.test").utf8)).array?.first)
    #expect(mail["subject"]?.string == "<script>alert(1)</script>")
    #expect(mail["html"]?.string == "<p>hi</p>")
    #expect(mail["text"]?.string?.hasPrefix("See https://localhost:7710/requests/1") == true)
    #expect(pages.json(to: "adam@acme.test") == "[]")
  }

  @Test("nothing of a mail is markup of the page, and its HTML may do nothing")
  func escaped() async throws {
    _ = listed("<script>alert(1)</script><a href='https://evil.test'>x</a>")
    let home = TemporaryDirectory()
    let pki = TestPKI(in: home)
    let files = pki.files("mail", uri: nil)
    var tls = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    tls.speaksHTTP()
    let listener = HTTPSListener(
      MailPages(mails: mails).routes, on: Address(host: "127.0.0.1", port: 0),
      addressKey: MailSettings.pageKey, tls: try TLSContext(tls), authorizer: nil,
      clock: FakeClock(), logger: .init(label: "mail"))
    let address = try await listener.start()
    let client = try HTTPSClient(authorities: pki.authorities, timeout: .seconds(20))
    func get(_ path: String) async throws -> String {
      let url = try #require(HTTPSURL("https://localhost:\(address.port)\(path)"))
      return String(decoding: try await client.get(url).body, as: UTF8.self)
    }
    for path in ["/", "/mails/1"] {
      let page = try await get(path)
      #expect(!page.contains("<script") && !page.contains("<b>"))
      #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    }
    let page = try await get("/mails/1")
    #expect(page.contains("<iframe sandbox=\"\""))
    #expect(page.contains("href=\"https://localhost:7710/requests/1\""))
    #expect(page.contains("\\u{202e}"))
    #expect(try await get("/mails/1/html").contains("<script>"), "as it is, in its sandbox")
    await #expect(throws: HTTPSFault.status(404)) { try await get("/mails/2") }
    listener.shutdown()
  }
}
