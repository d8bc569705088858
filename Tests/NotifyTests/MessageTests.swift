internal import Domain
internal import LockboxProto
internal import Mail
internal import Outbound
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import StrictJSON
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Notify

/// What leaves: mails with their fields, and bodies for channels.
@Suite struct MessageTests {
  private final class Outbox: MailTransport, ChannelPoster {
    struct Post: Sendable {
      let url: String
      let fields: [String: String]
      let body: [UInt8]
    }

    let mails = Mutex<[MailMessage]>([])
    let posts = Mutex<[Post]>([])
    let answer = Mutex<Result<OutboundAnswer, OutboundFault>>(
      .success(.init(status: 200, retryAfter: nil)))

    func send(_ message: MailMessage) async -> MailOutcome {
      mails.withLock { $0.append(message) }
      return .accepted(reply: "250 ok")
    }

    func post(
      _ body: [UInt8], fields: [(name: String, value: String)], to url: HTTPSURL,
      authorities: String
    ) async throws(OutboundFault) -> OutboundAnswer {
      let fields = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      posts.withLock { $0.append(Post(url: url.description, fields: fields, body: body)) }
      return try answer.withLock { $0 }.get()
    }
  }

  private let outbox = Outbox()

  private func sender() throws -> MessageSender {
    MessageSender(
      writer: try NoticeWriter(portal: "https://portal.test"),
      mail: MailSender(
        transport: outbox, sender: MailAddress("lockbox@provider.test", name: "Lockbox")!,
        listID: MailField.listID("notices.provider.test")),
      channels: ChannelSender(poster: outbox))
  }

  private func claim(
    _ count: Int = 1, channel: NoticeChannel? = nil, isRepeated: Bool = false,
    keys: [ChannelKey] = []
  ) throws -> Claim {
    let event = Samples.event(Samples.stageOpened(.customer, stage: 1))
    let notices = (0..<count).map { index in
      var draft = Samples.draft(
        "ana@acme.test", .approvalNeeded, event: EventID(event.eventID)!)
      if let channel { draft.lane = .channel(channel.id) }
      draft.detail = .full
      var notice = StoredNotice(
        draft, id: .make(at: Samples.now + .milliseconds(index)), created: Samples.now)
      notice.isRepeated = isRepeated
      return notice
    }
    let content = NoticeContent(
      event: event, request: try Samples.stored(), settings: Samples.settings())
    return Claim(
      lane: notices[0].draft.lane, notices: notices,
      contents: Array(repeating: content, count: count), channel: channel, keys: keys)
  }

  @Test func `A mail can be sorted, threaded and known again`() async throws {
    let claim = try claim(isRepeated: true)
    let result = try await sender().send(claim, at: Samples.now)
    #expect(result.outcome == .accepted)
    let mail = try #require(outbox.mails.withLock { $0.first })
    #expect(mail.recipient.address == "ana@acme.test" && mail.sender.name == "Lockbox")
    #expect(mail.messageID.description == "\(claim.notices[0].id)@provider.test")
    #expect(result.messageID == mail.messageID.description)
    let fields = Dictionary(uniqueKeysWithValues: mail.fields.map { ($0.name, $0.value) })
    #expect(
      fields == [
        "List-Id": "<notices.provider.test>", "X-Lockbox-Notice": "approval-needed",
        "References": "<request.\(Samples.request)@provider.test>",
        "X-Lockbox-Request": "\(Samples.request)", "X-Lockbox-Repeated": "yes",
      ])
    #expect(mail.text.contains("may have reached you before") && mail.html != nil)
    let digest = try self.claim(2)
    _ = try await sender().send(digest, at: Samples.now)
    let second = try #require(outbox.mails.withLock { $0.last })
    #expect(second.fields.contains { $0.value == "digest" })
    #expect(!second.fields.contains { $0.name == "X-Lockbox-Repeated" })
  }

  @Test func `What is no address is refused, not tried`() async throws {
    let mail = try sender().mail
    let claim = try claim()
    let message = WrittenMessage(subject: "s", text: "t", html: "h")
    let result = await mail.send(message, claim, to: "a b@c", at: Samples.now)
    #expect(result.outcome == .refused("this is no mail address"))
  }

  @Test func `A webhook is signed by every key that is valid, and says what it is`() async throws {
    let url = HTTPSURL("https://pager.acme.test/hook")!
    let channel = Samples.channel("pager", .webhook(url, .shared))
    let claim = try claim(
      channel: channel, isRepeated: true,
      keys: [
        ChannelKey(bytes: [UInt8](repeating: 1, count: 32), expires: nil),
        ChannelKey(bytes: [UInt8](repeating: 2, count: 32), expires: Samples.now + .hours(1)),
        ChannelKey(bytes: [UInt8](repeating: 3, count: 32), expires: Samples.now),
      ])
    _ = try await sender().send(claim, at: Samples.now)
    let post = try #require(outbox.posts.withLock { $0.first })
    #expect(post.url == url.description)
    #expect(post.fields["webhook-id"] == claim.notices[0].id.description)
    #expect(post.fields["webhook-timestamp"] == "\(Samples.now.seconds)")
    #expect(post.fields["webhook-signature"]?.split(separator: " ").count == 2)
    #expect(post.fields["x-lockbox-repeated"] == "yes")
    let body = try JsonParser.parse(post.body)
    #expect(body["type"]?.string == "lockbox.notice.approval_needed")
    let data = try #require(body["data"])
    #expect(data["requestId"]?.string == Samples.request.description)
    #expect(data["tenantId"]?.string == "acme" && data["repeated"] == .bool(true))
    #expect(data["url"]?.string == "https://portal.test/requests/\(Samples.request)")
  }

  @Test(arguments: [true, false])
  func `A chat gets a message of its own form, with the same words`(_ isSlack: Bool) async throws {
    let url = HTTPSURL("https://hooks.test/secret")!
    let channel = Samples.channel("it", isSlack ? .slack(url) : .teams(url))
    _ = try await sender().send(try claim(channel: channel), at: Samples.now)
    let post = try #require(outbox.posts.withLock { $0.first })
    #expect(post.fields["webhook-signature"] == nil)
    let body = try JsonParser.parse(post.body)
    #expect((body["blocks"] != nil) == isSlack)
    #expect((body["attachments"] != nil) == !isSlack)
    let text = String(decoding: post.body, as: UTF8.self)
    for words in ["waits for your approval", "Mail loops for Alice", "T-4711"] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test func `What a receiver answers decides what follows`() async throws {
    let slack = Samples.channel("it")
    let webhook = Samples.channel(
      "pager", .webhook(HTTPSURL("https://pager.acme.test/hook")!, .shared))
    let cases: [(NoticeChannel, Result<OutboundAnswer, OutboundFault>, SendingOutcome)] = [
      (slack, .success(.init(status: 204, retryAfter: nil)), .accepted),
      (slack, .success(.init(status: 404, retryAfter: nil)), .gone),
      (slack, .success(.init(status: 410, retryAfter: nil)), .gone),
      (webhook, .success(.init(status: 410, retryAfter: nil)), .gone),
      (
        webhook, .success(.init(status: 404, retryAfter: nil)),
        .deferred("the receiver answered 404")
      ),
      (
        webhook, .success(.init(status: 429, retryAfter: "30")),
        .deferred("the receiver answered 429", retryAfter: .seconds(30))
      ),
      (
        webhook, .success(.init(status: 400, retryAfter: nil)),
        .refused("the receiver answered 400")
      ),
      (
        webhook, .failure(.timedOut(.seconds(20))),
        .unknown("\(OutboundFault.timedOut(.seconds(20)))")
      ),
      (webhook, .failure(.closed), .unknown("\(OutboundFault.closed)")),
      (webhook, .failure(.connection("refused")), .deferred("refused")),
      (
        webhook, .failure(.forbiddenAddress), .deferred("\(OutboundFault.forbiddenAddress)")
      ),
    ]
    for (channel, answer, outcome) in cases {
      outbox.answer.withLock { $0 = answer }
      let claim = try claim(channel: channel)
      #expect(try await sender().send(claim, at: Samples.now).outcome == outcome)
    }
  }
}
