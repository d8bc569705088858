public import Domain
internal import LockboxProto
public import Logging
public import RPC
internal import Storage

/// Follows another service's feed from its own cursor: each event is applied once, in order, and
/// never skipped. It waits for the producer's stream and never polls.
public struct FeedConsumer: Sendable {
  /// Reads where the cursor stands.
  public typealias Cursor = @Sendable () async throws -> UInt64
  /// Applies a batch: its effects and the cursor's move, in one transaction.
  public typealias Apply = @Sendable (FeedBatch) async throws -> Void

  /// Applies entries of audit's logs in the same way.
  public typealias ApplyLogs = @Sendable (LogBatch) async throws -> Void

  /// One subscription from a position on, until it ends; tells when it stands, and of each batch
  /// that is applied its last sequence and its events' times.
  private typealias Source =
    @Sendable (
      UInt64, _ subscribed: () -> Void, _ applied: (UInt64, [Timestamp]) -> Void
    ) async throws -> Void

  public let status: FeedStatus
  private let feed: ServiceName
  private let source: Source
  private let cursor: Cursor
  private let clock: any WallClock
  private let backoff: Backoff
  private let logger: Logger

  /// Between attempts that failed.
  public static let usualBackoff = Backoff(
    initial: .milliseconds(50), multiplier: 1.6, jitter: 0.2, maximum: .seconds(2))

  /// - Parameters:
  ///   - client: Of the producer's service listener.
  ///   - backoff: Between attempts that failed.
  ///   - onChange: Called at each change of the phase.
  public init(
    of feed: ServiceName, from client: RPCClient, clock: any WallClock, logger: Logger,
    backoff: Backoff = usualBackoff,
    onChange: @escaping @Sendable (FeedStatus.Phase) -> Void = { _ in },
    cursor: @escaping Cursor, apply: @escaping Apply
  ) {
    self.init(feed, clock, logger, backoff, onChange, cursor) { position, subscribed, applied in
      let responses = client.serverStreaming(
        FeedV1.FeedService.subscribe, FeedV1.SubscribeRequest(afterSequence: position),
        options: CallOptions(waitForReady: true))
      _ = try await responses.metadata
      subscribed()
      var position = position
      for try await response in responses where !response.records.isEmpty {
        let batch = try FeedBatch(response.records, of: feed, after: position)
        try await apply(batch)
        position = batch.last
        applied(position, batch.elements.compactMap { Timestamp($0.event.time) })
      }
    }
  }

  /// Follows the logs of audit, all of them as one sequence.
  public init(
    ofLogsFrom client: RPCClient, clock: any WallClock, logger: Logger,
    backoff: Backoff = usualBackoff,
    onChange: @escaping @Sendable (FeedStatus.Phase) -> Void = { _ in },
    cursor: @escaping Cursor, apply: @escaping ApplyLogs
  ) {
    self.init(.audit, clock, logger, backoff, onChange, cursor) { position, subscribed, applied in
      let responses = client.serverStreaming(
        AuditV1.LogFeedService.subscribeLogs,
        AuditV1.SubscribeLogsRequest(afterSequence: position),
        options: CallOptions(waitForReady: true))
      _ = try await responses.metadata
      subscribed()
      var position = position
      for try await response in responses where !response.records.isEmpty {
        let batch = try LogBatch(response.records, after: position)
        try await apply(batch)
        position = batch.last
        applied(position, batch.elements.compactMap { Timestamp($0.event?.time) })
      }
    }
  }

  private init(
    _ feed: ServiceName, _ clock: any WallClock, _ logger: Logger, _ backoff: Backoff,
    _ onChange: @escaping @Sendable (FeedStatus.Phase) -> Void, _ cursor: @escaping Cursor,
    source: @escaping Source
  ) {
    status = FeedStatus(feed, onChange: onChange)
    self.feed = feed
    self.source = source
    self.cursor = cursor
    self.clock = clock
    self.backoff = backoff
    self.logger = logger
  }

  /// How one subscription ended.
  private enum Ending {
    case stopped(FeedFault)
    /// To be tried again; whether anything came before.
    case lost(any Error, progressed: Bool)
    case cancelled
  }

  /// Follows the feed until the task is cancelled, or until a fault stops it for good: then it has
  /// said why, and returns.
  public func run() async {
    var failures = 0
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      switch await subscribe() {
      case .cancelled: return
      case .stopped(let fault):
        logger.log(.critical, "feed stopped", .feed(feed.rawValue), .error(fault))
        status.set(.stopped(fault))
        return
      case .lost(let error, let progressed):
        failures = progressed ? 1 : failures + 1
        status.set(.connecting)
        if failures == 1 {
          logger.log(.notice, "feed lost, trying again", .feed(feed.rawValue), .error(error))
        }
        let delay = backoff.delay(afterFailures: failures, using: &random)
        try? await Task.sleep(for: delay)
      }
    }
  }

  private func subscribe() async -> Ending {
    var start = UInt64.max
    do {
      start = try await cursor()
      status.start(at: start)
      try await source(start) {
        status.set(.subscribed)
        logger.log(
          .info, "feed subscribed", .feed(feed.rawValue), .count("position", status.position))
      } _: { last, times in
        status.applied(through: last, times: times, at: clock.now())
      }
      return .lost(
        RPCError(.unavailable, "the producer ended the stream"),
        progressed: status.position > start)
    } catch {
      if Task.isCancelled { return .cancelled }
      return ending(error, status.position > start)
    }
  }

  private func ending(_ error: any Error, _ progressed: Bool) -> Ending {
    switch error {
    case let fault as FeedFault: return .stopped(fault)
    case let error as RPCError where error.code == .outOfRange:
      return .stopped(.beyondEnd(feed, position: status.position))
    case is RPCError: return .lost(error, progressed: progressed)
    case let error as StorageError where error.isFatal || [.busy, .closed].contains(error.kind):
      // Nothing is wrong with the feed: the batch comes again when the storage is back.
      return .lost(error, progressed: progressed)
    default: break
    }
    return .stopped(
      .inapplicable(feed, after: status.position, reason: String(describing: error)))
  }
}
