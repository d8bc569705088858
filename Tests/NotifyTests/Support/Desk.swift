internal import Domain
internal import LockboxProto
internal import Logging
internal import ProtobufC
internal import ServiceKit
internal import Synchronization
internal import TestKit

@testable internal import Notify

/// What a recipient got.
struct Received: Hashable, Sendable {
  let lane: Lane
  let notices: [NoticeID]
  let carrier: NoticeID
  let isRepeated: Bool
  let time: Timestamp
}

/// A sender that does as it is told, and remembers what arrived.
final class FakeSender: NoticeSender {
  typealias Answer = @Sendable (Claim, _ attempt: Int) async -> SendingOutcome

  private struct State {
    var received: [Received] = []
    var attempts: [NoticeID: Int] = [:]
    var underWay: Set<Lane> = []
    var most = 0
    var accepted = 0
    var overlaps = 0
  }

  private let state = Mutex(State())
  private let answer: Answer

  init(_ answer: @escaping Answer = { _, _ in .accepted }) { self.answer = answer }

  func send(_ claim: Claim, at now: Timestamp) async -> SendingResult {
    let attempt = state.withLock { state in
      state.attempts[claim.carrier, default: 0] += 1
      if !state.underWay.insert(claim.lane).inserted { state.overlaps += 1 }
      state.most = max(state.most, state.underWay.count)
      return state.attempts[claim.carrier] ?? 0
    }
    let outcome = await answer(claim, attempt)
    state.withLock { state in
      state.underWay.remove(claim.lane)
      if outcome == .accepted { state.accepted += claim.notices.count }
      switch outcome {
      case .accepted, .unknown:
        state.received.append(
          Received(
            lane: claim.lane, notices: claim.notices.map(\.id), carrier: claim.carrier,
            isRepeated: claim.isRepeated, time: now))
      case .refused, .deferred, .gone: break
      }
    }
    return SendingResult(outcome: outcome, messageID: "\(claim.carrier)@lockbox.test")
  }

  var received: [Received] { state.withLock { $0.received } }
  var attempts: Int { state.withLock { $0.attempts.values.reduce(0, +) } }
  /// Notices that were taken over, and known to be.
  var accepted: Int { state.withLock { $0.accepted } }
  /// Lanes that were with the sender at once.
  var mostAtOnce: Int { state.withLock { $0.most } }
  /// Attempts that began while another one on the same lane was under way.
  var overlaps: Int { state.withLock { $0.overlaps } }

  /// The notices that reached a lane, in their order, each as often as it came.
  func notices(on lane: Lane) -> [NoticeID] {
    received.filter { $0.lane == lane }.flatMap(\.notices)
  }
}

/// Sends what waits, moving a fake clock from one moment at which something is due to the next: an
/// hour passes in milliseconds.
struct Desk: Sendable {
  let store: any NotifyStore
  let clock: FakeClock
  let sender: any NoticeSender
  let traffic: Traffic
  let worker: LaneWorker

  init(
    _ store: any NotifyStore, _ clock: FakeClock, _ sender: any NoticeSender,
    policy: SendingPolicy = SendingPolicy(),
    rate: Throttle.Rate = .init(burst: 1_000_000, perMinute: 1_000_000)
  ) {
    self.store = store
    self.clock = clock
    self.sender = sender
    traffic = Traffic(mailRate: rate)
    worker = LaneWorker(
      store: store, sender: sender, traffic: traffic, clock: clock, policy: policy,
      counts: NoticeCounts(), logger: LogCapture().logger("notify"))
  }

  /// Until nothing waits, or `end` is reached.
  func run(until end: Timestamp = .distantFuture) async throws {
    var schedule = LaneSchedule()
    for lane in try await store.read({ try $0.waitingLanes() }).sorted(by: { $0.key < $1.key }) {
      schedule.set(lane, due: clock.now())
    }
    while let next = schedule.next(), next <= end {
      if next > clock.now() { clock.set(next) }
      while let lane = schedule.take(at: clock.now()) {
        schedule.put(lane, due: try await worker.work(lane))
      }
    }
    if end != .distantFuture { clock.set(max(end, clock.now())) }
  }
}

extension NotifyStore {
  /// Adds notices of one event, a kind of which nothing is ever over.
  @discardableResult
  func add(
    _ addresses: [String], at time: Timestamp = Samples.now, kind: NoticeKind = .approved,
    isDigest: Bool = false, notBefore: Timestamp? = nil
  ) async throws -> [NoticeID] {
    let event = Samples.event(
      kind == .approvalNeeded
        ? Samples.stageOpened(.customer, stage: 1)
        : .accessRequestApproved(.init(grant: Samples.grant())), at: time)
    let id = EventID(event.eventID)!
    let bytes = try event.serialized()
    var ids: [NoticeID] = []
    let notices = addresses.map { address in
      var draft = Samples.draft(address, kind, event: id, at: notBefore ?? time)
      draft.isDigest = isDigest
      if kind == .approvalNeeded {
        draft.stage = 1
        draft.pointless = time + .hours(12)
      }
      return StoredNotice(draft, id: .make(at: time), created: time)
    }
    ids = notices.map(\.id)
    try await write { transaction in
      try transaction.keep(event: id, bytes)
      for notice in notices { try transaction.add(notice) }
    }
    return ids
  }
}
