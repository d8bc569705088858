internal import Domain
internal import Outbound
public import ServiceKit
internal import Storage
internal import TLS
internal import Web

/// Export: what was logged, handed on to those who watch.
///
/// It reads audit's log and cannot change it; what it keeps is a copy for some days.
public enum ExportService {
  /// Opens the store and puts the service together.
  public static func assemble(
    _ workbench: ServiceWorkbench, _ settings: ExportSettings
  ) throws -> ServiceParts {
    let store = try SQLiteExportStore(
      path: workbench.configuration.dataFile("export.db"), clock: workbench.clock,
      onFatal: workbench.onFatal)
    let retention = RetentionLoop(
      store: store, clock: workbench.clock, retention: settings.retention)
    let webhooks = try webhookClient(settings)
    let activity = ActivityFeed(
      store: store, webhooks: WebhookValidator(client: webhooks, logger: workbench.logger),
      throttle: Throttle(limit: settings.requestsPerMinute, clock: workbench.clock),
      guids: GUIDs(trustDomain: workbench.configuration.trustDomain), root: root(settings),
      pageSize: settings.pageSize, clock: workbench.clock)
    let notifications = NotificationLoop(
      store: store, client: webhooks, feed: activity, clock: workbench.clock,
      retryDelay: settings.webhookRetryDelay, patience: settings.webhookPatience,
      logger: workbench.logger)
    workbench.metrics.add(notifications.collect)
    var routes = WebRoutes()
    activity.add(to: &routes)

    let deliveries = Deliveries(store, workbench, settings)

    var parts = ServiceParts()
    parts.database = store.database
    parts.feed = store.database.feed
    parts.consumers = [
      workbench.consumerOfLogs {
        try await store.read { try $0.cursor() }
      } apply: { batch in
        try await store.write { try $0.apply(batch) }
        notifications.ring()
        deliveries.entriesArrived(batch)
      }
    ]
    parts.https = try HTTPSListener.make(settings.https, workbench, routes)
    parts.loops = [
      ServiceParts.Loop("retention") { try await retention.run() },
      ServiceParts.Loop("notifications") { try await notifications.run() },
    ]
    deliveries.add(to: &parts)
    return parts
  }

  /// What `--check` looks at besides.
  public static func check(
    _ configuration: ServiceConfiguration, _ settings: ExportSettings
  ) throws -> String? {
    try HTTPSListener.context(settings.https, configuration)
    _ = try webhookClient(settings)
    return nil
  }

  private static func webhookClient(
    _ settings: ExportSettings
  ) throws(StartError) -> OutboundClient {
    do {
      return try OutboundClient(
        authorities: settings.webhookAuthorities,
        addressGuard: settings.allowsPrivateWebhooks ? .everything : AddressGuard(),
        timeout: .seconds(10))
    } catch {
      throw .configuration("`webhooks.authorities` cannot be used: \(error).")
    }
  }

  /// What URLs of the activity API begin with.
  private static func root(_ settings: ExportSettings) -> String {
    settings.publicURL?.description ?? "https://\(settings.https.address?.description ?? "")"
  }
}
