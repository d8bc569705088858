internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Development

@Suite("Settings of the development issuer")
struct SettingsTests {
  private func settings(
    _ flags: [String] = [], _ environment: [String: String] = [:]
  ) throws(StartError) -> IssuerSettings {
    try IssuerSettings(file: nil, environment: environment, flags: flags)
  }

  @Test("without any, it serves .lockbox at localhost:7711 for the portal at localhost:7710")
  func usual() throws {
    let usual = try settings()
    #expect(
      usual.directory == ".lockbox" && usual.address == Address(host: "127.0.0.1", port: 7711))
    #expect(usual.url == "https://localhost:7711")
    #expect(usual.certificate == ".lockbox/certificates/issuer.pem")
    #expect(
      usual.redirects.map { $0.uri(of: "acme")?.text }
        == ["https://localhost:7710/sign-in/acme/callback"])
  }

  @Test("it starts neither in production nor where others reach it")
  func refused() {
    for (flags, environment) in [
      (["environment=production"], [:]), ([], ["LOCKBOX_ENVIRONMENT": "production"]),
      (["issuer.address=0.0.0.0:7711"], [:]), (["issuer.address=[::]:7711"], [:]),
      (["issuer.address=192.0.2.1:7711"], [:]), (["issuer.url=http://localhost:7711"], [:]),
      (["issuer.redirect_uris="], [:]),
      (["issuer.redirect_uris=https://localhost:1/a,https://portal.example/b"], [:]),
    ] as [([String], [String: String])] {
      #expect(throws: StartError.self, "\(flags) \(environment)") {
        try settings(flags, environment)
      }
    }
  }

  @Test(
    "a redirect leads to this machine, over https",
    arguments: [
      ("https://localhost:7710/sign-in/callback", "https://localhost:7710"),
      ("https://127.0.0.1/a?b=c", "https://127.0.0.1"),
      ("https://[::1]:1/", "https://[::1]:1"),
      ("http://localhost:7710/", nil), ("https://localhost.evil.example/", nil),
      ("https://localhost@evil.example/", nil), ("https://localhost:1@evil.example/", nil),
      ("https://localhost/#fragment", nil), ("https://localhost/\n", nil),
      ("https://localhost/;x", nil), ("javascript:alert(1)", nil), ("", nil),
    ] as [(String, String?)])
  func redirects(text: String, origin: String?) {
    #expect(RedirectURI(text)?.origin == origin)
  }
}
