internal import Domain
internal import LockboxProto
internal import Logging
internal import Mail
internal import Outbound
internal import RPC
public import ServiceKit
internal import Storage

/// Notify: who is told.
///
/// It follows intake's and approvals' feeds and changes nothing there; what it keeps says whom it told
/// of what.
public enum NotifyService {
  /// Opens the store and puts the service together.
  public static func assemble(
    _ workbench: ServiceWorkbench, _ settings: NotifySettings
  ) async throws -> ServiceParts {
    let store = try SQLiteNotifyStore(
      path: workbench.configuration.dataFile("notify.db"), clock: workbench.clock,
      onFatal: workbench.onFatal)
    let mail = try SmtpTransport(settings.mail.transport)
    var parts = try await assemble(workbench, settings, store: store, mail: mail)
    parts.close = { mail.close() }
    return parts
  }

  static func assemble(
    _ workbench: ServiceWorkbench, _ settings: NotifySettings, store: SQLiteNotifyStore,
    mail: any MailTransport
  ) async throws -> ServiceParts {
    // Services of one machine start within moments of one another.
    let begun = workbench.clock.now() - .minutes(5)
    try await store.write { try $0.begin(at: begun) }
    let provider = try ProviderNotices(settings)
    let writer = try NoticeWriter(portal: settings.portal ?? "")
    let poster = try outboundPoster(settings, workbench)
    let sender = MessageSender(
      writer: writer, mail: try MailSender(settings.mail, mail),
      channels: ChannelSender(poster: poster))
    workbench.health.set(.serving, for: "mail")
    let traffic = Traffic(
      mailRate: .init(burst: settings.mailsPerMinute, perMinute: settings.mailsPerMinute)
    ) { [health = workbench.health, logger = workbench.logger] isDown in
      health.set(isDown ? .notServing : .serving, for: "mail")
      logger.log(
        isDown ? .warning : .info,
        isDown ? "the mail server fails and is left alone" : "the mail server is well again")
    }
    let counts = NoticeCounts()
    let dispatcher = Dispatcher(
      worker: LaneWorker(
        store: store, sender: sender, traffic: traffic, clock: workbench.clock,
        policy: SendingPolicy(), counts: counts, logger: workbench.logger),
      concurrency: settings.concurrency)
    workbench.metrics.add { counts.write(to: &$0, isMailDown: traffic.isMailDown) }
    let follower = FeedFollower(
      store: store, applier: FeedApplier(provider: provider, retention: settings.retention),
      dispatcher: dispatcher)

    var parts = ServiceParts()
    parts.database = store.database
    parts.feed = store.database.feed
    parts.descriptors = [NotifyV1.NotifyService.descriptor]
    ChannelHandlers(
      store: store, sender: sender, dispatcher: dispatcher, clock: workbench.clock,
      check: { _ = try poster.client(trusting: $0.authorities) }
    ).add(to: &parts.people)
    NoticeHandlers(store: store, dispatcher: dispatcher).add(to: &parts.people)
    PreviewHandler(store: store, writer: writer, provider: provider, clock: workbench.clock)
      .add(to: &parts.people)
    parts.consumers = [
      workbench.consumer(of: .intake) {
        try await follower.cursor(of: .intake)
      } apply: {
        try await follower.applyIntake($0)
      },
      workbench.consumer(of: .approvals) {
        try await follower.cursor(of: .approvals)
      } apply: {
        try await follower.applyApprovals($0)
      },
    ]
    let upkeep = Upkeep(
      store: store, clock: workbench.clock, retention: settings.retention,
      logger: workbench.logger)
    parts.loops = [
      ServiceParts.Loop("notices") { try await dispatcher.run() },
      ServiceParts.Loop("upkeep") { try await upkeep.run() },
      ServiceParts.Loop("counting") { try await upkeep.count(into: counts) },
    ]
    return parts
  }

  /// What `--check` looks at besides.
  public static func check(
    _ configuration: ServiceConfiguration, _ settings: NotifySettings
  ) throws -> String? {
    _ = try settings.mail.transport
    _ = try MailSender(settings.mail, NoMail())
    _ = try NoticeWriter(portal: settings.portal ?? "")
    _ = try ProviderNotices(settings)
    return nil
  }

  private static func outboundPoster(
    _ settings: NotifySettings, _ workbench: ServiceWorkbench
  ) throws(StartError) -> OutboundPoster {
    do {
      return try OutboundPoster(
        authorities: settings.channelAuthorities,
        addressGuard: settings.allowsPrivateChannels ? .everything : AddressGuard(),
        directory: workbench.configuration.dataDirectory, clock: workbench.clock)
    } catch {
      throw .configuration("`channels.authorities` cannot be used: \(error).")
    }
  }
}

/// Takes no mail: for checks.
private struct NoMail: MailTransport {
  func send(_ message: MailMessage) async -> MailOutcome { .deferred(reason: "only checked") }
}
