internal import Domain
internal import Synchronization
internal import TestKit

@testable internal import Expiry

/// The expiry store in memory: each write works on a copy that takes the place of what there was.
final class MemoryExpiryStore: ExpiryStore {
  struct State: Sendable {
    var deadlines: [RequestID: Deadline] = [:]
    var fired = 0
    var cursors: [String: UInt64] = [:]
    var feed: [[UInt8]] = []
    var mark = TimeMark()
  }

  private let state = Mutex(State())
  private let clock: FakeClock

  init(clock: FakeClock) {
    self.clock = clock
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ExpiryTransaction) throws -> Value
  ) async throws -> Value {
    let moment = clock.now()
    return try state.withLock { state in
      var copy = state
      let time = copy.mark.observe(moment)
      let transaction = MemoryExpiryTransaction(copy, now: time.now)
      let value = try body(transaction)
      state = transaction.state
      return value
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ExpiryReader) throws -> Value
  ) async throws -> Value {
    try body(MemoryExpiryTransaction(state.withLock { $0 }, now: .distantPast))
  }

  var timeMark: TimeMark { state.withLock { $0.mark } }
  var feed: [[UInt8]] { state.withLock { $0.feed } }
}

final class MemoryExpiryTransaction: ExpiryTransaction {
  struct Refused: Error {}

  private(set) var state: MemoryExpiryStore.State
  let now: Timestamp

  init(_ state: MemoryExpiryStore.State, now: Timestamp) {
    self.state = state
    self.now = now
  }

  func deadline(of request: RequestID) throws -> Deadline? { state.deadlines[request] }

  func deadlines(after position: Deadline.Position?, limit: Int) throws -> [Deadline] {
    let sorted = state.deadlines.values.sorted { $0.position < $1.position }
    guard let position else { return Array(sorted.prefix(limit)) }
    return Array(sorted.filter { $0.position > position }.prefix(limit))
  }

  func deadlines(withNoticeBy moment: Timestamp, limit: Int) throws -> [Deadline] {
    let due = state.deadlines.values.compactMap { deadline in
      deadline.notice.flatMap { $0 <= moment ? (notice: $0, deadline: deadline) : nil }
    }
    return due.sorted { $0.notice < $1.notice }.prefix(limit).map(\.deadline)
  }

  func nextNotice() throws -> Timestamp? { state.deadlines.values.compactMap(\.notice).min() }

  func count(dueBy moment: Timestamp) throws -> Int {
    state.deadlines.values.count { $0.due <= moment }
  }

  func fired() throws -> Int { state.fired }
  func cursor(of feed: String) throws -> UInt64 { state.cursors[feed] ?? 0 }

  func set(_ deadline: Deadline) throws { state.deadlines[deadline.request] = deadline }
  func remove(_ request: RequestID) throws { state.deadlines[request] = nil }
  func countFired() throws { state.fired += 1 }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    state.feed.append(try event(UInt64(state.feed.count) + 1))
  }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    guard try cursor(of: feed) == from else { throw Refused() }
    state.cursors[feed] = to
  }
}
