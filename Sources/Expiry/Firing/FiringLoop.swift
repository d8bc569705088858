internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit
internal import Synchronization

/// Sleeps until the earliest deadline, tells approvals, and notes that it fired. Notices come after
/// the deadlines that are due: they never make one late.
///
/// The index in the store is the truth: a restart finds every deadline again, and telling approvals
/// twice does no harm.
final class FiringLoop: Sendable {
  let store: any ExpiryStore
  let target: any DeadlineTarget
  private let clock: any WallClock
  let logger: Logger
  private let alarm = Alarm()
  private let lateness = Mutex<Duration?>(nil)

  /// Deadlines told at once. Approvals writes them in one group.
  static let batch = 256
  /// The longest sleep: a clock that is set forward is noticed after this at the latest.
  static let longestSleep = Duration.seconds(1)
  /// Between attempts on deadlines that approvals did not take.
  static let retryDelay = Backoff(
    initial: .milliseconds(100), multiplier: 2, jitter: 0.2, maximum: .seconds(5))

  init(
    store: any ExpiryStore, target: any DeadlineTarget, clock: any WallClock, logger: Logger
  ) {
    self.store = store
    self.target = target
    self.clock = clock
    self.logger = logger
  }

  /// How late the latest firing was told.
  var lastLateness: Duration? { lateness.withLock { $0 } }

  /// Call it after deadlines have changed.
  func deadlinesChanged() { alarm.ring() }

  /// Runs until cancelled.
  func run() async throws {
    var failures = 0
    var random = SystemRandomNumberGenerator()
    while true {
      try Task.checkCancellation()
      let due = try await store.read { try $0.deadlines(after: nil, limit: Self.batch) }
      let now = now
      let ready = due.prefix { $0.due <= now }
      guard !ready.isEmpty else {
        if let notices = try await announceDue(by: now) {
          failures = notices ? 0 : failures + 1
          if !notices { try await pause(after: failures, &random) }
          continue
        }
        failures = 0
        await alarm.wait(atMost: try await sleep(until: due.first?.due, from: now))
        continue
      }
      if try await fire(ready) {
        failures = 0
      } else {
        failures += 1
        try await pause(after: failures, &random)
      }
    }
  }

  private func pause(
    after failures: Int, _ random: inout SystemRandomNumberGenerator
  ) async throws {
    try await Task.sleep(for: Self.retryDelay.delay(afterFailures: failures, using: &random))
  }

  private func sleep(until deadline: Timestamp?, from now: Timestamp) async throws -> Duration {
    let notice = try await store.read { try $0.nextNotice() }
    guard let next = [deadline, notice].compactMap({ $0 }).min() else { return .seconds(3_600) }
    return min(max(next - now, .zero), Self.longestSleep)
  }

  private var now: Timestamp {
    var mark = store.timeMark
    return mark.observe(clock.now()).now
  }

  /// - Returns: Whether approvals took any of them.
  private func fire(_ deadlines: ArraySlice<Deadline>) async throws -> Bool {
    let outcomes = await withTaskGroup(of: (Deadline, DeadlineOutcome)?.self) { tasks in
      for deadline in deadlines {
        tasks.addTask { await self.tell(deadline).map { (deadline, $0) } }
      }
      return await tasks.reduce(into: [Deadline: DeadlineOutcome]()) { outcomes, told in
        if let told { outcomes[told.0] = told.1 }
      }
    }
    guard !outcomes.isEmpty else { return false }
    try await store.write { transaction in
      for deadline in deadlines {
        // The one told of, and no other that the request has got meanwhile.
        guard let outcome = outcomes[deadline],
          try transaction.deadline(of: deadline.request) == deadline
        else { continue }
        switch outcome {
        case .ended: try transaction.fire(deadline.request)
        case .met: try transaction.remove(deadline.request)
        }
      }
    }
    if let latest = outcomes.keys.max(by: { $0.due < $1.due }) {
      lateness.withLock { $0 = now - latest.due }
    }
    return true
  }

  /// Nil: to be told again.
  private func tell(_ deadline: Deadline) async -> DeadlineOutcome? {
    do {
      return try await target.tell(deadline)
    } catch {
      logger.log(
        .warning, "deadline not taken, trying again", .request(deadline.request), .error(error))
      return nil
    }
  }
}
