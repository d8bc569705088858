internal import Domain
internal import LockboxProto
internal import Logging
internal import ServiceKit
internal import Synchronization

/// Tells webhooks of new content, each in the order of the log and no other's pace: a slow one holds
/// up itself only.
///
/// What was told stands in the store after the answer: whoever crashes between the two tells once
/// more, and never too little.
final class NotificationLoop: Sendable {
  let store: any ExportStore
  let client: any WebhookPoster
  let feed: ActivityFeed
  private let clock: any WallClock
  private let retryDelay: Duration
  private let patience: Duration
  private let logger: Logger
  private let counts = NotificationCounts()
  private let busy = Mutex<Set<Subscription.Key>>([])
  private let bell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// Blobs in one notification: the API keeps them small.
  static let mostBlobs = 50
  /// Webhooks told at once.
  static let mostAtOnce = 32
  static let longestDelay = Duration.hours(1)
  /// The longest sleep: a clock that is set forward is noticed after this at the latest.
  static let longestSleep = Duration.seconds(1)

  init(
    store: any ExportStore, client: any WebhookPoster, feed: ActivityFeed, clock: any WallClock,
    retryDelay: Duration, patience: Duration, logger: Logger
  ) {
    self.store = store
    self.client = client
    self.feed = feed
    self.clock = clock
    self.retryDelay = retryDelay
    self.patience = patience
    self.logger = logger
  }

  /// Call it when there may be something to tell.
  func ring() { bell.continuation.yield() }

  /// Writes the samples of the loop.
  var collect: MetricsRegistry.Collector { counts.collect }

  /// Runs until cancelled.
  func run() async throws {
    try await withThrowingDiscardingTaskGroup { tasks in
      while true {
        try Task.checkCancellation()
        let (due, next) = try await due()
        for subscription in due {
          tasks.addTask { [self] in
            await tell(subscription)
            _ = busy.withLock { $0.remove(subscription.key) }
            ring()
          }
        }
        await wait(atMost: next)
      }
    }
  }

  /// Who is to be told now, marked as busy, and how long until somebody else is.
  private func due() async throws -> ([Subscription], Duration?) {
    let waiting = try await store.read { try $0.subscriptionsToTell() }
    let now = clock.now()
    var next: Duration?
    let due = busy.withLock { busy in
      waiting.filter { subscription in
        guard let webhook = subscription.webhook, webhook.status(at: now) == .enabled,
          !busy.contains(subscription.key)
        else { return false }
        if let moment = webhook.nextAttempt, moment > now {
          next = min(next ?? .hours(1), moment - now)
          return false
        }
        guard busy.count < Self.mostAtOnce else { return false }
        busy.insert(subscription.key)
        return true
      }
    }
    return (due, next)
  }

  private func wait(atMost duration: Duration?) async {
    let timer = duration.map { duration in
      Task { [bell] in
        guard (try? await Task.sleep(for: min(duration, Self.longestSleep))) != nil else { return }
        bell.continuation.yield()
      }
    }
    defer { timer?.cancel() }
    for await _ in bell.stream { return }
  }

  /// Tells one webhook once, and keeps how that went.
  func tell(_ subscription: Subscription) async {
    guard let webhook = subscription.webhook else { return }
    do {
      let key = subscription.key
      let blobs = try await store.read { reader in
        try reader.blobs(
          key.type, of: key.tenant, afterIndex: webhook.told, limit: Self.mostBlobs)
      }
      guard let last = blobs.last else { return }
      let fault = await send(blobs, to: webhook.target, of: key)
      counts.count(succeeded: fault == nil)
      let sent = clock.now()
      try await store.write { [retryDelay, patience] transaction in
        try transaction.add(
          blobs.map {
            NotificationAttempt(blob: $0, sent: sent, succeeded: fault == nil, number: 0)
          }, of: key)
        // Meanwhile it may have been stopped, or be another one.
        guard var found = try transaction.subscription(key), found.isEnabled,
          var current = found.webhook, current.target == webhook.target
        else { return }
        if fault == nil {
          current.succeeded(through: last.last)
        } else {
          current.failed(at: sent, retryDelay: retryDelay, patience: patience)
        }
        found.webhook = current
        try transaction.set(found)
        guard current.isDisabled, !webhook.isDisabled else { return }
        try transaction.tell(
          key.tenant, .system(),
          .activityWebhookDisabled(
            .init(
              contentType: key.type.rawValue, client: .init(key.client),
              webhook: current.target.address.withoutQuery, failures: UInt32(current.failures))))
      }
      if let fault {
        logger.log(.info, "webhook not told, trying again", .tenant(key.tenant), .error(fault))
      }
    } catch {
      logger.log(
        .error, "notification not kept", .tenant(subscription.key.tenant), .error(error))
      // Nothing was kept that says when to try again.
      try? await Task.sleep(for: retryDelay)
    }
  }

  private func send(
    _ blobs: [ContentBlob], to target: Webhook.Target, of key: Subscription.Key
  ) async -> WebhookFault? {
    let identity: [(String, JSONValue)] = [
      ("tenantId", .string(feed.guids.of(key.tenant))),
      ("clientId", .string(feed.guids.of(client: key.client))),
    ]
    let body = JSONValue.array(blobs.map { .object(identity + feed.json($0)) }).text
    do throws(WebhookFault) {
      let status = try await client.post(
        Array(body.utf8), to: target.address, headers: target.headers)
      return status == 200 ? nil : .status(status)
    } catch {
      return error
    }
  }
}

extension Webhook {
  mutating func succeeded(through index: UInt64) {
    told = index
    failures = 0
    failingSince = nil
    nextAttempt = nil
  }

  /// Notes an attempt that failed: the time to the next doubles, up to an hour; whoever fails for
  /// longer than our patience is told nothing more.
  mutating func failed(at now: Timestamp, retryDelay: Duration, patience: Duration) {
    failures += 1
    let since = failingSince ?? now
    failingSince = since
    let doublings = min(failures - 1, 20)
    nextAttempt = now + min(retryDelay * (1 << doublings), NotificationLoop.longestDelay)
    isDisabled = now - since >= patience
  }
}
