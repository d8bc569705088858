internal import Domain
internal import Logging
internal import RPC
internal import ServiceKit
internal import Synchronization

/// Keeps a few workers going over all lanes that are due: a lane is with one worker at a time, so that
/// each recipient hears of things in their order, and nothing has a task of its own. Mails and channels
/// have workers of their own: receivers that tenants chose and that hang hold up no mail.
final class Dispatcher: Sendable {
  private let store: any NotifyStore
  private let worker: LaneWorker
  private let clock: any WallClock
  private let logger: Logger
  private let concurrency: Int
  private let schedules = Mutex(Schedules())
  private let alarm = Alarm()
  private let isStopping = Mutex(false)

  private struct Schedules {
    var mails = LaneSchedule()
    var channels = LaneSchedule()

    /// Changes the schedule that a lane belongs to.
    mutating func change(of lane: Lane, _ body: (inout LaneSchedule) -> Void) {
      switch lane {
      case .mail: body(&mails)
      case .channel: body(&channels)
      }
    }

    mutating func take(at now: Timestamp, _ concurrency: Int) -> Lane? {
      if mails.busyCount < concurrency, let lane = mails.take(at: now) { return lane }
      return channels.busyCount < concurrency ? channels.take(at: now) : nil
    }

    /// When the next lane is due that somebody has time for.
    mutating func next(_ concurrency: Int) -> Timestamp? {
      let mail = mails.busyCount < concurrency ? mails.next() : nil
      let channel = channels.busyCount < concurrency ? channels.next() : nil
      return [mail, channel].compactMap { $0 }.min()
    }
  }

  /// The longest sleep: a clock that is set forward is noticed after this at the latest.
  static let longestSleep = Duration.seconds(30)
  /// After the store could not be read or written.
  private static let storePause = Duration.seconds(1)

  /// - Parameter concurrency: Messages under way at once, of mails and of channels each.
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
    schedules.withLock { schedules in
      for lane in lanes { schedules.change(of: lane) { $0.set(lane, due: now) } }
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
        let pause = schedules.withLock { $0.next(concurrency) }
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
    return schedules.withLock { $0.take(at: now, concurrency) }
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
    schedules.withLock { [due] schedules in
      schedules.change(of: lane) { $0.put(lane, due: due) }
    }
    alarm.ring()
  }
}
