internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import ServiceKit
internal import SignedStatement
internal import StrictJSON
internal import TestKeys
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

/// Registering a passkey and deciding with it, as the page's script does.
struct PasskeyPagesTests {
  @Test func `a passkey that its owner registered signs a decision`() async throws {
    try await RealLockbox.run({ $0.keyWaitingTime = .init(.zero) }) { lockbox in
      let ana = try await lockbox.browser(.ana)
      let passkey = try FakePasskey()
      try await register(passkey, ana)
      try await lockbox.change { $0.requireSignedDecisions = true }
      let id = try await lockbox.waiting()
      let page = try await ana.ask("GET", "/requests/\(id)/approve")
      #expect(page.body.contains("data-passkey-statement=\"/requests/\(id)/statement\""))
      #expect(page.body.contains("lockboxctl approve \(id)"))
      #expect(page.body.contains("passkey-"), "the script is there")
      let typed = [WebField("typed", "erin"), WebField("comment", "seen")]
      let unsigned = try await ana.submit(page, to: "/requests/\(id)/approve", typed)
      #expect(unsigned.status == 422)
      let made = try statement(
        try await ana.submit(
          page, to: "/requests/\(id)/statement", typed + [WebField("verdict", "approve")]))
      #expect(made.text.contains(#""type":"lockbox.decision.v1""#))
      #expect(made.text.contains(id) && made.text.contains("seen"))
      let other = try FakePasskey()
      let foreign = try await ana.submit(
        page, to: "/requests/\(id)/approve", typed + other.fields(for: made))
      #expect(foreign.status == 422, "a passkey that nobody registered")
      let otherwise = try await ana.submit(
        page, to: "/requests/\(id)/approve",
        [WebField("typed", "erin"), WebField("comment", "more")] + passkey.fields(for: made))
      #expect(otherwise.status == 422, "what was signed is not what is decided")
      let signed = try await ana.submit(
        page, to: "/requests/\(id)/approve", typed + passkey.fields(for: made))
      #expect(signed.status == 303, "\(signed.body)")
      let record = try await lockbox.record(id)
      #expect(record.state == .approved)
      #expect(record.decisions.last?.signature?.statement == Array(made.text.utf8))
    }
  }

  @Test func `what did not sign its own registration is not registered`() async throws {
    try await RealLockbox.run { lockbox in
      let ana = try await lockbox.browser(.ana)
      let (mine, other) = (try FakePasskey(), try FakePasskey())
      let page = try await ana.ask("GET", "/passkeys/new")
      let key = WebField("public_key", Base64URL.encode(mine.publicKey))
      let made = try statement(
        try await ana.submit(page, to: "/passkeys/statement", [key]))
      let answer = try await ana.submit(
        page, to: "/passkeys", [key, WebField("label", "laptop")] + other.fields(for: made))
      #expect(answer.status == 422)
      let wrong = try await ana.submit(
        page, to: "/passkeys/statement", [WebField("public_key", "AAAA")])
      #expect(wrong.body.contains("problem"))
      let mia = try await lockbox.browser(.mia)
      #expect(try await mia.ask("GET", "/passkeys/new").status == 403)
    }
  }

  private func register(_ passkey: FakePasskey, _ browser: TestBrowser) async throws {
    let page = try await browser.ask("GET", "/passkeys/new")
    #expect(page.status == 200)
    let key = WebField("public_key", Base64URL.encode(passkey.publicKey))
    let made = try statement(
      try await browser.submit(page, to: "/passkeys/statement", [key]))
    let answer = try await browser.submit(
      page, to: "/passkeys", [key, WebField("label", "laptop")] + passkey.fields(for: made))
    #expect(answer.status == 303, "\(answer.body)")
  }

  private func statement(_ answer: HTTPSCaller.Answer) throws -> FakePasskey.Statement {
    #expect(answer.status == 200)
    let json = try JsonParser.parse(answer.bytes)
    return FakePasskey.Statement(
      text: try #require(json["statement"]?.string, "\(answer.body)"),
      signTime: try #require(json["sign_time"]?.string),
      site: try #require(json["site"]?.string))
  }
}

/// A passkey and the browser before it.
struct FakePasskey {
  struct Statement {
    let text: String
    let signTime: String
    let site: String
  }

  private let key: TestPrivateKey

  init() throws { key = try TestPrivateKey("P-256") }

  var publicKey: [UInt8] { key.publicDER }

  func fields(for statement: Statement) throws -> [WebField] {
    let challenge = Base64URL.encode(SHA256.hash(Array(statement.text.utf8)).bytes)
    let client = Array(
      """
      {"type":"webauthn.get","challenge":"\(challenge)","origin":"\(PortalFixture.origin)",\
      "crossOrigin":false}
      """.utf8)
    let data = SHA256.hash(Array(statement.site.utf8)).bytes + [0x05, 0, 0, 0, 1]
    let signature = try key.sign(data + SHA256.hash(client).bytes)
    return [
      WebField("sign_time", statement.signTime),
      WebField("signature", Base64URL.encode(signature)),
      WebField("authenticator_data", Base64URL.encode(data)),
      WebField("client_data", Base64URL.encode(client)),
    ]
  }
}
