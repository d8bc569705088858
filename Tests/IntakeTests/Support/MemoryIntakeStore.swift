internal import Domain
internal import Synchronization
internal import TestKit

@testable internal import Intake

/// The intake store in memory: each write works on a copy that takes the place of what there was.
final class MemoryIntakeStore: IntakeStore {
  struct State: Sendable {
    var requests: [RequestID: StoredRequest] = [:]
    var submissions: [Submission] = []
    var tenants: [TenantID: Duration] = [:]
    var workloads: Set<Workload> = []
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
    _ body: @escaping @Sendable (any IntakeTransaction) throws -> Value
  ) async throws -> Value {
    let moment = clock.now()
    return try state.withLock { state in
      var copy = state
      let time = copy.mark.observe(moment)
      let transaction = MemoryIntakeTransaction(copy, now: time.now)
      let value = try body(transaction)
      state = transaction.state
      return value
    }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any IntakeReader) throws -> Value
  ) async throws -> Value {
    try body(MemoryIntakeTransaction(state.withLock { $0 }, now: .distantPast))
  }

  var timeMark: TimeMark { state.withLock { $0.mark } }
  var feed: [[UInt8]] { state.withLock { $0.feed } }
}

final class MemoryIntakeTransaction: IntakeTransaction {
  struct Refused: Error {}

  private(set) var state: MemoryIntakeStore.State
  let now: Timestamp

  init(_ state: MemoryIntakeStore.State, now: Timestamp) {
    self.state = state
    self.now = now
  }

  func request(_ id: RequestID) throws -> StoredRequest? { state.requests[id] }

  func request(ofGrant id: GrantID) throws -> StoredRequest? {
    state.requests.values.first { $0.progress.grant == id }
  }

  func requests(_ query: RequestQuery) throws -> [StoredRequest] {
    let matching = state.requests.values.filter { stored in
      query.tenant.map { $0 == stored.tenant } ?? true
        && query.engineer.map { $0 == stored.engineer } ?? true
        && (query.states.isEmpty || query.states.contains(stored.progress.state(at: query.now)))
        && query.before.map { stored.id < $0 } ?? true
    }
    return Array(matching.sorted { $0.id > $1.id }.prefix(query.limit))
  }

  func submission(of engineer: Subject, key: String) throws -> Submission? {
    state.submissions.first { $0.engineer == engineer && $0.key == key }
  }

  func longestAccess(of tenant: TenantID) throws -> Duration? { state.tenants[tenant] }
  func hasPolicy(for workload: Workload) throws -> Bool { state.workloads.contains(workload) }
  func cursor(of feed: String) throws -> UInt64 { state.cursors[feed] ?? 0 }

  func insert(_ request: StoredRequest, _ submission: Submission) throws {
    guard state.requests[request.id] == nil,
      try self.submission(of: submission.engineer, key: submission.key) == nil
    else { throw Refused() }
    state.requests[request.id] = request
    state.submissions.append(submission)
  }

  func update(_ progress: StoredRequest.Progress, of request: RequestID) throws {
    state.requests[request]?.progress = progress
  }

  func markWithdrawn(_ request: RequestID) throws {
    state.requests[request]?.isWithdrawn = true
  }

  func save(tenant: TenantID, longestAccess: Duration) throws {
    state.tenants[tenant] = longestAccess
  }

  func save(workload: Workload) throws { state.workloads.insert(workload) }

  func append(_ event: (UInt64) throws -> [UInt8]) throws {
    state.feed.append(try event(UInt64(state.feed.count) + 1))
  }

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws {
    guard try cursor(of: feed) == from else { throw Refused() }
    state.cursors[feed] = to
  }
}
