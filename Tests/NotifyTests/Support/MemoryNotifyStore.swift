internal import Domain
internal import LockboxProto
internal import Synchronization
internal import TestKit

@testable internal import Notify

/// Notify's store in memory: each write works on a copy that takes the place of what there was.
final class MemoryNotifyStore: NotifyStore {
  struct KeptChannel: Sendable {
    var channel: NoticeChannel
    var keys: [ChannelKey] = []
    var isDisabled = false
  }

  struct State: Sendable {
    var cursors: [String: UInt64] = [:]
    var begun: Timestamp?
    var settings: [TenantID: CommonV1.TenantSettings] = [:]
    var requests: [RequestID: StoredRequest] = [:]
    var events: [EventID: [UInt8]] = [:]
    /// In the order in which they were added.
    var notices: [StoredNotice] = []
    var lanes: [Lane: LaneState] = [:]
    var channels: [ChannelID: KeptChannel] = [:]
    var feed: [[UInt8]] = []
    var mark = TimeMark()
  }

  private let state = Mutex(State())
  private let clock: FakeClock

  init(clock: FakeClock) { self.clock = clock }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any NotifyTransaction) throws -> Value
  ) async throws -> Value {
    let moment = clock.now()
    return try state.withLock { state in
      var copy = state
      let time = copy.mark.observe(moment)
      let transaction = MemoryNotifyTransaction(copy, now: time.now)
      let value = try body(transaction)
      state = transaction.state
      return value
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any NotifyReader) throws -> Value
  ) async throws -> Value {
    try body(MemoryNotifyTransaction(state.withLock { $0 }, now: .distantPast))
  }

  var feed: [[UInt8]] { state.withLock { $0.feed } }
}

private final class MemoryNotifyTransaction: NotifyTransaction {
  var state: MemoryNotifyStore.State
  let now: Timestamp

  init(_ state: MemoryNotifyStore.State, now: Timestamp) {
    self.state = state
    self.now = now
  }

  // MARK: Reads

  func cursor(of feed: String) throws -> UInt64 { state.cursors[feed] ?? 0 }
  func begun() throws -> Timestamp? { state.begun }
  func settings(of tenant: TenantID) throws -> CommonV1.TenantSettings? { state.settings[tenant] }
  func request(_ id: RequestID) throws -> StoredRequest? { state.requests[id] }
  func event(_ id: EventID) throws -> [UInt8]? { state.events[id] }

  func channel(_ id: ChannelID) throws -> NoticeChannel? { state.channels[id]?.channel }
  func channels(
    of owner: TenantID?, after id: ChannelID?, limit: Int
  ) throws -> [NoticeChannel] {
    let found = state.channels.values.map(\.channel).sorted { $0.id < $1.id }
      .filter { channel in channel.owner == owner && id.map { channel.id > $0 } ?? true }
    return Array(found.prefix(limit))
  }
  func keys(of channel: ChannelID) throws -> [ChannelKey] { state.channels[channel]?.keys ?? [] }
  func isDisabled(_ channel: ChannelID) throws -> Bool {
    state.channels[channel]?.isDisabled ?? false
  }

  private func waiting(_ lane: Lane) -> [StoredNotice] {
    state.notices.filter { $0.draft.lane == lane && $0.state == .waiting }
  }
  func waitingLanes() throws -> [Lane] {
    Array(Set(state.notices.filter { $0.state == .waiting }.map(\.draft.lane)))
  }
  func state(of lane: Lane) throws -> LaneState { state.lanes[lane] ?? LaneState() }
  func dueNotices(of lane: Lane, by now: Timestamp, limit: Int) throws -> [StoredNotice] {
    let waiting = waiting(lane)
    let underWay = waiting.filter { $0.carrier != nil }
    return underWay.isEmpty
      ? Array(waiting.filter { $0.draft.notBefore <= now }.prefix(limit)) : underWay
  }
  func nextDue(of lane: Lane) throws -> Timestamp? { waiting(lane).map(\.draft.notBefore).min() }
  func waitingCount(of lane: Lane) throws -> Int { waiting(lane).count }
  func deadLetterCount(of lane: Lane) throws -> Int {
    state.notices.count { $0.draft.lane == lane && $0.state == .givenUp }
  }

  func notice(_ id: NoticeID) throws -> StoredNotice? { state.notices.first { $0.id == id } }
  func notices(_ query: NoticeQuery, limit: Int) throws -> [StoredNotice] {
    let found = state.notices.sorted { $0.id > $1.id }.filter { notice in
      let isTried = notice.state != .waiting || notice.attempts > 0
      let isUntried = notice.state != .waiting || notice.attempts == 0
      return notice.draft.owner == query.owner
        && (query.request == nil || notice.draft.request == query.request)
        && (query.lane == nil || notice.draft.lane == query.lane)
        && (query.states.isEmpty || query.states.contains(notice.state))
        && (query.wasTried.map { $0 ? isTried : isUntried } ?? true)
        && (query.before.map { notice.id < $0 } ?? true)
    }
    return Array(found.prefix(limit))
  }
  func totals() throws -> (waiting: Int, deadLetters: Int) {
    (
      state.notices.count { $0.state == .waiting }, state.notices.count { $0.state == .givenUp }
    )
  }

  // MARK: Writes

  func begin(at moment: Timestamp) throws {
    if state.begun == nil { state.begun = moment }
  }
  func set(_ settings: CommonV1.TenantSettings, of tenant: TenantID) throws {
    state.settings[tenant] = settings
  }
  func set(_ request: StoredRequest) throws { state.requests[request.id] = request }
  func keep(event id: EventID, _ bytes: [UInt8]) throws {
    if state.events[id] == nil { state.events[id] = bytes }
  }

  func add(_ notice: StoredNotice) throws { state.notices.append(notice) }
  func update(_ notice: StoredNotice) throws {
    guard let place = state.notices.firstIndex(where: { $0.id == notice.id }) else { return }
    state.notices[place] = notice
  }
  func set(_ laneState: LaneState, of lane: Lane) throws { state.lanes[lane] = laneState }

  func set(_ channel: NoticeChannel) throws {
    state.channels[channel.id, default: .init(channel: channel)].channel = channel
  }
  func setKeys(_ keys: [ChannelKey], of channel: ChannelID) throws {
    state.channels[channel]?.keys = keys
  }
  func setDisabled(_ isDisabled: Bool, _ channel: ChannelID) throws {
    state.channels[channel]?.isDisabled = isDisabled
  }
  func remove(_ channel: ChannelID) throws {
    state.channels[channel] = nil
    state.lanes[.channel(channel)] = nil
  }

  func purge(finishedBefore moment: Timestamp, limit: Int) throws -> Int {
    let old = state.notices.filter { $0.finished.map { $0 < moment } ?? false }
      .sorted { ($0.finished ?? moment) < ($1.finished ?? moment) }.prefix(limit).map(\.id)
    state.notices.removeAll { old.contains($0.id) }
    guard old.count < limit else { return old.count }
    let events = Set(state.notices.map(\.draft.event))
    let requests = Set(state.notices.compactMap(\.draft.request))
    state.events = state.events.filter { events.contains($0.key) || $0.key >= .least(at: moment) }
    state.requests = state.requests.filter { id, request in
      let isOver = !request.progress.phase.isPending && request.progress.phase != .approved
      return requests.contains(id) || id >= .least(at: moment) || !isOver
        || request.progress.reviewDue != nil
    }
    return old.count
  }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    state.feed.append(try event(UInt64(state.feed.count) + 1))
  }
  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    struct Elsewhere: Error {}
    guard state.cursors[feed] ?? 0 == from else { throw Elsewhere() }
    state.cursors[feed] = to
  }
}
