internal import LockboxProto
internal import RPC
internal import Testing

@testable internal import CommandLine

@Suite("Notices")
struct NotifyTests {
  private typealias API = NotifyV1.NotifyService

  @Test("what is made is printed with its secret, once")
  func create() async throws {
    let scene = Scene()
    try scene.services.answer(
      API.createChannel,
      .init(channel: .init(channelID: "c1", name: "pager"), secret: "whsec_x"))
    let outcome = await scene.run([
      "notify", "channels", "create", "--tenant", "acme", "--name", "pager", "--webhook",
      "https://pager.acme.test/", "--scheme", "ed25519", "--kind", "about-to-expire",
      "--workload", "exchange", "--language", "de",
    ])
    #expect(outcome.output == ["c1", "whsec_x"])
    let asked = try #require(try scene.services.requests(of: API.createChannel).first)
    #expect(
      asked.channel
        == .init(
          tenantID: "acme", name: "pager",
          target: .webhook(.init(url: "https://pager.acme.test/", scheme: .ed25519)),
          kinds: [.aboutToExpire], workloads: ["exchange"], language: "de"))
  }

  @Test("a test that was not delivered fails, and says why")
  func test() async throws {
    let scene = Scene()
    try scene.services.answer(
      API.testChannel, .init(delivered: false, result: "the receiver answered 401"))
    let outcome = await scene.run(["notify", "channels", "test", "--tenant", "acme", "c1"])
    #expect(outcome.status == .refused)
    #expect(outcome.errors.joined().contains("the receiver answered 401"))
  }

  @Test("a preview shows the text with its subject, what is hostile in it made visible")
  func preview() async throws {
    let scene = Scene()
    try scene.services.answer(
      API.previewNotice, .init(subject: "Access\u{1b}", text: "one\ntwo\u{202e}", html: "<p>"))
    let outcome = await scene.run([
      "notify", "preview", "--tenant", "acme", "--kind", "approval-needed", "--detail", "none",
    ])
    #expect(outcome.output == ["Subject: Access\\u{1b}", "", "one", "two\\u{202e}"])
    let asked = try #require(try scene.services.requests(of: API.previewNotice).first)
    #expect(asked.kind == .approvalNeeded && asked.detail == .none)
  }

  @Test("dead letters are notices that were given up")
  func deadLetters() async throws {
    let scene = Scene()
    try scene.services.answer(
      API.listNotices,
      .init(notices: [
        .init(
          info: .init(
            noticeID: "n1", kind: .denied, recipient: .init(address: .mail("it@acme.test"))),
          state: .givenUp, attempts: 3, lastFailure: "550 no")
      ]))
    let outcome = await scene.run(["notify", "dead-letters", "list", "--tenant", "acme"])
    #expect(outcome.output.contains { $0.contains("it@acme.test") && $0.contains("550 no") })
    let asked = try #require(try scene.services.requests(of: API.listNotices).first)
    #expect(asked.states == [.givenUp] && asked.tenantID == "acme")
  }
}
