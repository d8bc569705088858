internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit
internal import Synchronization

/// Keeps a worker going for each destination, and begins it anew when the destination changes.
final class DeliveryEngine: Sendable {
  private let store: any DeliveryStore
  private let senders: SenderFactory
  private let clock: any WallClock
  private let policy: RetryPolicy
  private let logger: Logger
  let counts = DeliveryCounts()
  private let changes = AsyncStream.makeStream(
    of: Void.self, bufferingPolicy: .bufferingNewest(1))
  private let bells = Mutex<[DestinationID: Bell]>([:])

  private struct Bell {
    let tenant: TenantID?
    let alarm: Alarm
  }

  /// The longest sleep: a clock that is set forward is noticed after this at the latest.
  static let longestSleep = Duration.seconds(60)
  /// Between attempts to read or write what deliveries keep.
  private static let storeBackoff = Backoff(
    initial: .milliseconds(100), multiplier: 2, jitter: 0.2, maximum: .seconds(5))

  init(
    store: any DeliveryStore, senders: SenderFactory, clock: any WallClock, policy: RetryPolicy,
    logger: Logger
  ) {
    self.store = store
    self.senders = senders
    self.clock = clock
    self.policy = policy
    self.logger = logger
  }

  /// Call it after a destination was added, changed or removed.
  func destinationsChanged() { changes.continuation.yield() }

  /// Call it after entries were kept, with the logs that they stand in.
  func entriesArrived(in logs: Set<TenantID?>) {
    let alarms = bells.withLock { bells in
      bells.values.filter { logs.contains($0.tenant) }.map(\.alarm)
    }
    for alarm in alarms { alarm.ring() }
  }

  /// Runs until cancelled.
  func run() async throws {
    var workers: [DestinationID: (version: UInt64, keys: [StoredKey], task: Task<Void, Never>)] =
      [:]
    defer { for worker in workers.values { worker.task.cancel() } }
    destinationsChanged()
    for await _ in changes.stream {
      let wanted: [(Destination, [StoredKey])]
      do {
        wanted = try await store.readDeliveries { reader in
          try reader.allDestinations().map { ($0, try reader.keys(of: $0.id)) }
        }
      } catch {
        logger.log(.error, "destinations cannot be read", .error(error))
        try await Task.sleep(for: Self.storeBackoff.maximum)
        destinationsChanged()
        continue
      }
      for (id, worker) in workers {
        let same = wanted.contains {
          $0.0.id == id && $0.0.version == worker.version && $0.1 == worker.keys
        }
        guard !same else { continue }
        worker.task.cancel()
        // One call at a time to a receiver: the old one ends before another begins.
        await worker.task.value
        workers[id] = nil
        bells.withLock { $0[id] = nil }
      }
      for (destination, keys) in wanted where workers[destination.id] == nil {
        workers[destination.id] = (destination.version, keys, start(destination, keys))
      }
      // Dead letters may be to be sent again, or a wait be over.
      for bell in bells.withLock({ Array($0.values) }) { bell.alarm.ring() }
    }
    for worker in workers.values {
      worker.task.cancel()
      await worker.task.value
    }
    try Task.checkCancellation()
  }

  private func start(_ destination: Destination, _ keys: [StoredKey]) -> Task<Void, Never> {
    let alarm = Alarm()
    bells.withLock { $0[destination.id] = Bell(tenant: destination.tenant, alarm: alarm) }
    return Task { await work(destination, keys, alarm) }
  }

  private func work(_ destination: Destination, _ keys: [StoredKey], _ alarm: Alarm) async {
    let sender: any DeliverySender
    do {
      sender = try senders.sender(for: destination, keys: keys)
    } catch {
      return logger.log(
        .error, "the destination cannot be used", .destination(destination), .error(error))
    }
    let worker = DeliveryWorker(
      destination: destination, store: store, sender: sender, clock: clock, policy: policy,
      counts: counts, logger: logger)
    // An answer that does not come must not keep the service from stopping.
    await withTaskCancellationHandler {
      await work(worker, alarm)
    } onCancel: {
      Task { await sender.close() }
    }
    await sender.close()
  }

  private func work(_ worker: DeliveryWorker, _ alarm: Alarm) async {
    var failures = 0
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      do {
        let next = try await worker.step()
        failures = 0
        guard case .wait(let moment) = next else { continue }
        let pause = moment.map { $0 - clock.now() } ?? Self.longestSleep
        await alarm.wait(atMost: min(max(pause, .zero), Self.longestSleep))
      } catch {
        failures += 1
        logger.log(
          .error, "deliveries cannot be kept", .destination(worker.destination), .error(error))
        try? await Task.sleep(
          for: Self.storeBackoff.delay(afterFailures: failures, using: &random))
      }
    }
  }
}
