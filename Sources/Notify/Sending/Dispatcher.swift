internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit
internal import Synchronization

/// Keeps a few workers going over all lanes that are due: a lane is with one worker at a time, so that
/// each recipient hears of things in their order, and nothing has a task of its own.
final class Dispatcher: Sendable {
  private let store: any NotifyStore
  private let worker: LaneWorker
  private let clock: any WallClock
  private let logger: Logger
  private let concurrency: Int
  private let schedule = Mutex(LaneSchedule())
  private let alarm = Alarm()
  private let isStopping = Mutex(false)

  /// The longest sleep: a clock that is set forward is noticed after this at the latest.
  static let longestSleep = Duration.seconds(30)
  /// After the store could not be read or written.
  private static let storePause = Duration.seconds(1)

  init(worker: LaneWorker, concurrency: Int) {
    self.worker = worker
    self.concurrency = concurrency
    store = worker.store
    clock = worker.clock
    logger = worker.logger
  }

  /// Call it after notices were added to lanes, or what holds a lane back has changed.
  func ring(_ lanes: some Sequence<Lane>) {
    let now = clock.now()
    schedule.withLock { schedule in
      for lane in lanes { schedule.set(lane, due: now) }
    }
    alarm.ring()
  }

  /// How long messages that are under way may take when the service stops: one that is cut short
  /// has to be sent again, and may arrive twice.
  private static let grace = Duration.seconds(5)

  /// Runs until cancelled; then what is under way ends first.
  func run() async throws {
    try await fill()
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        while let lane = takeDue() {
          group.addTask { await self.unhurriedTurn(lane) }
        }
        let pause = schedule.withLock { schedule in
          schedule.busyCount < concurrency ? schedule.next() : nil
        }
        let sleep = pause.map { $0 - clock.now() } ?? Self.longestSleep
        await alarm.wait(atMost: min(max(sleep, .zero), Self.longestSleep))
      }
      isStopping.withLock { $0 = true }
    }
    try Task.checkCancellation()
  }

  /// Cancelled some time after it is asked for.
  private func unhurriedTurn(_ lane: Lane) async {
    let turn = Task { await self.turn(lane) }
    await withTaskCancellationHandler {
      await turn.value
    } onCancel: {
      Task {
        try? await Task.sleep(for: Self.grace)
        turn.cancel()
      }
    }
  }

  /// What waited when the last process ended.
  private func fill() async throws {
    while true {
      do {
        ring(try await store.read { try $0.waitingLanes() })
        return
      } catch {
        logger.log(.error, "notices cannot be read", .error(error))
        try await Task.sleep(for: Self.storePause)
      }
    }
  }

  private func takeDue() -> Lane? {
    let now = clock.now()
    return schedule.withLock { schedule in
      schedule.busyCount < concurrency ? schedule.take(at: now) : nil
    }
  }

  private func turn(_ lane: Lane) async {
    var due: Timestamp?
    do {
      due = try await worker.work(lane) { [self] in isStopping.withLock { !$0 } }
    } catch {
      if !Task.isCancelled {
        logger.log(.error, "notices cannot be kept", .lane(lane), .error(error))
      }
      due = clock.now() + Self.storePause
    }
    schedule.withLock { $0.put(lane, due: due) }
    alarm.ring()
  }
}
