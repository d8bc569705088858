internal import Domain
internal import LockboxProto
internal import Mail
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import Synchronization
internal import TestKit
internal import Testing

@testable internal import Notify

/// `lockbox.notify.v1.NotifyService` over its wire.
@Suite(.serialized) struct NotifyServiceTests {
  private typealias API = NotifyV1.NotifyService
  private static let contoso = TenantID("contoso")!

  /// Takes every mail, or none.
  final class Postbox: MailTransport {
    private let state = Mutex<(mails: [MailMessage], outcome: MailOutcome)>(
      ([], .accepted(reply: "250 ok")))

    func send(_ message: MailMessage) async -> MailOutcome {
      state.withLock { state in
        if case .accepted = state.outcome { state.mails.append(message) }
        return state.outcome
      }
    }

    var mails: [MailMessage] { state.withLock { $0.mails } }
    func answer(_ outcome: MailOutcome) { state.withLock { $0.outcome = outcome } }
  }

  private struct World {
    let installation: TestInstallation
    let service: RunningService
    let client: RPCClient
    let receiver: WebhookReceiver
    let url: String
    let store: SQLiteNotifyStore
    let postbox = Postbox()

    init() async throws {
      let installation = try await TestInstallation()
      self.installation = installation
      receiver = try WebhookReceiver(installation.pki)
      url = "https://localhost:\(try await receiver.start())/hook"
      let store = try SQLiteNotifyStore(
        path: installation.directory.file("notify.db"), clock: installation.clock,
        onFatal: { Issue.record("the database failed: \($0)") })
      self.store = store
      service = try await RunningService(
        .notify, in: installation, section: NotifySettings.self,
        more: """
          mail: {server: "localhost:25", sender: lockbox@provider.test}
          portal: {url: "https://portal.test"}
          channels:
            authorities: \(installation.pki.authorities)
            allow_private_addresses: true
          """
      ) { [postbox] workbench, settings in
        try await Notify.NotifyService.assemble(workbench, settings, store: store, mail: postbox)
      }
      client = try installation.client(
        of: service.addresses.people, as: nil, expecting: .notify)
    }

    var admin: CallOptions { installation.bearer(installation.contoso, "adam", [.admin]) }
    var auditor: CallOptions { installation.bearer(installation.contoso, "alma", [.auditor]) }
    var operators: CallOptions { installation.bearer(installation.provider, "olga", [.operator]) }

    func slack(_ name: String = "it") -> CommonV1.Channel {
      CommonV1.Channel(
        tenantID: "contoso", name: name, target: .slack(.init(url: url + "/secret")))
    }

    func create(_ channel: CommonV1.Channel) async throws -> NotifyV1.CreateChannelResponse {
      try await client.unary(API.createChannel, .init(channel: channel), options: admin)
    }

    /// The code of a call that fails.
    func code(_ call: () async throws -> Void) async -> StatusCode? {
      do {
        try await call()
        return nil
      } catch {
        return (error as? RPCError)?.code
      }
    }

    /// Adds dead letters of contoso's.
    func addDeadLetters(_ count: Int) async throws -> [NoticeID] {
      let now = installation.clock.now()
      let event = EventID.make(at: now)
      let notices = (0..<count).map { index in
        var notice = StoredNotice(
          NoticeDraft(
            lane: .mail("r@contoso.test"), owner: NotifyServiceTests.contoso,
            tenant: NotifyServiceTests.contoso, event: event, kind: .settingsChanged,
            audience: .customer, notBefore: now), id: .make(at: now + .milliseconds(index)),
          created: now)
        notice.state = .givenUp
        notice.finished = now
        notice.attempts = 2
        notice.lastFailure = "550 no"
        return notice
      }
      let bytes = try Samples.event(
        .tenantApplied(.init(settings: Samples.settings(), version: 2)), of: nil
      ).serialized()
      try await store.write { transaction in
        try transaction.keep(event: event, bytes)
        for notice in notices { try transaction.add(notice) }
      }
      return notices.map(\.id)
    }

    func events() async throws -> [EventV1.Event] {
      try await store.database.feed.read(after: 0, limit: 1_000).map {
        try EventV1.Event(serialized: $0.event)
      }
    }

    func end() async throws {
      await client.shutdown()
      try await service.stop()
    }
  }

  @Test func `A channel is made, listed, tested, changed and deleted, and the log knows`()
    async throws
  {
    let world = try await World()
    let webhook = CommonV1.Channel(
      tenantID: "contoso", name: "pager",
      target: .webhook(.init(url: world.url + "?token=secret", scheme: .ed25519)),
      kinds: [.approvalNeeded])
    let made = try await world.create(webhook)
    let id = made.channel?.channelID ?? ""
    #expect(made.secret.hasPrefix("whpk_") && made.channel?.version == 1)

    let test = try await world.client.unary(
      API.testChannel, .init(tenantID: "contoso", channelID: id), options: world.admin)
    #expect(test.delivered, "\(test.result)")
    let request = try #require(world.receiver.requests.first)
    #expect(request["webhook-signature"].hasPrefix("v1a,"))
    #expect(
      String(decoding: request.body, as: UTF8.self).contains("\"type\":\"lockbox.notice.test\""))

    let rotated = try await world.client.unary(
      API.rotateChannelSecret, .init(tenantID: "contoso", channelID: id), options: world.admin)
    #expect(rotated.secret.hasPrefix("whpk_") && rotated.secret != made.secret)

    var changed = try #require(made.channel)
    changed.name = "night"
    changed.paused = true
    let updated = try await world.client.unary(
      API.updateChannel, .init(channel: changed), options: world.admin)
    #expect(updated.channel?.version == 2)
    #expect(
      await world.code {
        _ = try await world.client.unary(
          API.updateChannel, .init(channel: changed), options: world.admin)
      } == .aborted)
    let listed = try await world.client.unary(
      API.listChannels, .init(tenantID: "contoso"), options: world.auditor)
    #expect(listed.channels.map(\.state) == [.paused])
    #expect(listed.channels.first?.channel?.name == "night")

    _ = try await world.client.unary(
      API.deleteChannel, .init(tenantID: "contoso", channelID: id), options: world.admin)
    let kinds = try await world.events().compactMap { $0.payload?.fieldName }
    #expect(
      kinds == ["channel_created", "channel_updated", "channel_updated", "channel_deleted"])
    for event in try await world.events() {
      let text = String(describing: event)
      #expect(!text.contains("token=secret"), "a query may hold a secret")
    }
    try await world.end()
  }

  @Test func `A chat's URL is told nobody again, and stays when it is sent back as shown`()
    async throws
  {
    let world = try await World()
    let made = try await world.create(world.slack())
    #expect(made.secret.isEmpty)
    let listed = try await world.client.unary(
      API.listChannels, .init(tenantID: "contoso"), options: world.admin)
    for shown in [made.channel, listed.channels.first?.channel] {
      guard case .slack(let chat) = shown?.target else { return #expect(Bool(false)) }
      #expect(!chat.url.contains("secret") && chat.url.hasPrefix("https://localhost:"))
    }
    #expect(!String(describing: try await world.events()).contains("/secret"))
    var changed = try #require(made.channel)
    changed.name = "other"
    _ = try await world.client.unary(
      API.updateChannel, .init(channel: changed), options: world.admin)
    let test = try await world.client.unary(
      API.testChannel, .init(tenantID: "contoso", channelID: changed.channelID),
      options: world.admin)
    #expect(test.delivered && world.receiver.requests.last?.uri == "/hook/secret")
    changed.version = 2
    changed.target = .teams(.init(url: world.url))
    #expect(
      await world.code {
        _ = try await world.client.unary(
          API.updateChannel, .init(channel: changed), options: world.admin)
      } == .failedPrecondition)
    try await world.end()
  }

  @Test func `What is wrong with a channel is told all at once`() async throws {
    let world = try await World()
    let code = await world.code {
      _ = try await world.create(
        .init(
          tenantID: "contoso", target: .webhook(.init(url: "http://a.test")), kinds: [.unspecified],
          workloads: ["No"], language: "xx", authorities: "\u{1}"))
    }
    #expect(code == .invalidArgument)
    for index in 0..<ChannelLimits.count { _ = try await world.create(world.slack("c\(index)")) }
    #expect(
      await world.code { _ = try await world.create(world.slack("more")) } == .failedPrecondition)
    try await world.end()
  }

  @Test func `Lists go on where they stopped, for their owner only`() async throws {
    let world = try await World()
    for index in 0..<3 { _ = try await world.create(world.slack("c\(index)")) }
    let first = try await world.client.unary(
      API.listChannels, .init(pageSize: 2, tenantID: "contoso"), options: world.auditor)
    let second = try await world.client.unary(
      API.listChannels, .init(pageSize: 2, pageToken: first.nextPageToken, tenantID: "contoso"),
      options: world.auditor)
    #expect((first.channels + second.channels).count == 3 && second.nextPageToken.isEmpty)
    let letters = try await world.addDeadLetters(3)
    let page = try await world.client.unary(
      API.listNotices, .init(pageSize: 2, tenantID: "contoso"), options: world.auditor)
    let rest = try await world.client.unary(
      API.listNotices, .init(pageSize: 2, pageToken: page.nextPageToken, tenantID: "contoso"),
      options: world.auditor)
    #expect(
      (page.notices + rest.notices).compactMap(\.info?.noticeID)
        == letters.reversed().map(\.description))
    #expect(page.notices[0].state == .givenUp && page.notices[0].lastFailure == "550 no")
    // A page of one list, or of one owner, is none of another's.
    for token in [first.nextPageToken, page.nextPageToken] {
      #expect(
        await world.code {
          _ = try await world.client.unary(
            API.listNotices, .init(pageToken: token, states: [.delivered]),
            options: world.operators)
        } == .invalidArgument)
    }
    let provider = try await world.client.unary(
      API.listNotices, .init(), options: world.operators)
    #expect(provider.notices.isEmpty)
    #expect(
      await world.code {
        _ = try await world.client.unary(
          API.listNotices, .init(tenantID: "contoso"), options: world.operators)
      } == .notFound)
    try await world.end()
  }

  @Test func `Dead letters are sent once more`() async throws {
    let world = try await World()
    let letters = try await world.addDeadLetters(3)
    let one = try await world.client.unary(
      API.retryNotices, .init(tenantID: "contoso", noticeIds: [letters[1].description]),
      options: world.admin)
    #expect(one.retried == 1)
    #expect(await eventually(within: .seconds(120)) { world.postbox.mails.count == 1 })
    #expect(world.postbox.mails[0].messageID.description == "\(letters[1])@provider.test")
    let all = try await world.client.unary(
      API.retryNotices, .init(tenantID: "contoso"), options: world.admin)
    #expect(all.retried == 2)
    #expect(await eventually(within: .seconds(120)) { world.postbox.mails.count == 3 })
    let mail = world.postbox.mails[2]
    #expect(mail.recipient.address == "r@contoso.test" && mail.html != nil)
    let isTold = try await eventually(within: .seconds(120)) {
      try await world.events().count { $0.payload?.fieldName == "notice_delivered" } == 3
    }
    #expect(isTold)
    let kinds = try await world.events().compactMap { $0.payload?.fieldName }
    #expect(kinds.count { $0 == "notices_retried" } == 2)
    try await world.end()
  }

  @Test func `A preview says what a notice would say, of requests that its reader may see`()
    async throws
  {
    let world = try await World()
    let mine = StoredRequest(
      id: .make(at: Samples.now), tenant: Self.contoso,
      accessRequest: try Samples.accessRequest.serialized(), engineerMail: "",
      progress: RequestProgress(after: Samples.stageOpened(.customer, stage: 1)))
    var unknown = mine
    unknown.progress = RequestProgress(after: Samples.stageOpened(.provider))
    let hidden = StoredRequest(
      id: .make(at: Samples.now), tenant: Self.contoso, accessRequest: unknown.accessRequest,
      engineerMail: "", progress: unknown.progress)
    let foreign = try Samples.stored(mine.progress)
    try await world.store.write { transaction in
      for request in [mine, hidden, foreign] { try transaction.set(request) }
    }
    func preview(
      _ request: NotifyV1.PreviewNoticeRequest, _ options: CallOptions? = nil
    ) async throws -> NotifyV1.PreviewNoticeResponse {
      try await world.client.unary(
        API.previewNotice, request, options: options ?? world.auditor)
    }
    let sample = try await preview(
      .init(tenantID: "contoso", kind: .approvalNeeded, language: "de"))
    #expect(sample.subject == "Zugriff auf exchange wartet auf Ihre Zustimmung")
    #expect(sample.html.hasPrefix("<!DOCTYPE html>") && sample.text.contains("https://portal.test"))
    let real = try await preview(
      .init(
        tenantID: "contoso", kind: .approvalNeeded, requestID: mine.id.description, detail: .full))
    #expect(real.text.contains("Mail loops for Alice"))
    for request in [hidden.id, foreign.id, .make(at: Samples.now)] {
      #expect(
        await world.code {
          _ = try await preview(
            .init(tenantID: "contoso", kind: .denied, requestID: request.description))
        } == .notFound)
    }
    let engineer = try await preview(
      .init(kind: .progress, requestID: foreign.id.description, audience: .engineer),
      world.operators)
    #expect(engineer.subject.hasPrefix("Your request"))
    #expect(
      await world.code {
        _ = try await preview(.init(tenantID: "contoso", kind: .denied, audience: .engineer))
      } == .invalidArgument)
    #expect(
      await world.code { _ = try await preview(.init(tenantID: "contoso")) } == .invalidArgument)
    try await world.end()
  }
}
