public import Domain

/// What intake keeps: requests, idempotency keys, its feed, and what it must know of tenants and
/// policies to refuse at once what could never be opened.
///
/// SQLite is the store; memory is its fake. One conformance suite holds for both.
public protocol IntakeStore: Sendable {
  /// Runs `body` alone and keeps what it wrote, all of it or, when it throws, nothing. Returns once
  /// that is durable.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any IntakeTransaction) throws -> Value
  ) async throws -> Value

  /// Runs `body` on one snapshot of what is durable.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any IntakeReader) throws -> Value
  ) async throws -> Value

  /// The latest moment that any durable write has seen.
  var timeMark: TimeMark { get }
}

public protocol IntakeReader {
  func request(_ id: RequestID) throws -> StoredRequest?
  func request(ofGrant id: GrantID) throws -> StoredRequest?
  func requests(_ query: RequestQuery) throws -> [StoredRequest]
  func submission(of engineer: Subject, key: String) throws -> Submission?
  /// The tenant's longest access; nil: no such tenant.
  func longestAccess(of tenant: TenantID) throws -> Duration?
  /// Whether a policy for the workload exists.
  func hasPolicy(for workload: Workload) throws -> Bool
  /// How far another service's feed is applied.
  func cursor(of feed: String) throws -> UInt64
}

public protocol IntakeTransaction: IntakeReader {
  /// Never earlier than any moment before it.
  var now: Timestamp { get }

  func insert(_ request: StoredRequest, _ submission: Submission) throws
  func update(_ progress: StoredRequest.Progress, of request: RequestID) throws
  func markWithdrawn(_ request: RequestID) throws
  func save(tenant: TenantID, longestAccess: Duration) throws
  func save(workload: Workload) throws

  /// Adds an event to the feed; `event` makes its bytes from its sequence.
  func append(_ event: (UInt64) throws -> [UInt8]) throws

  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws
}

/// Which requests to list, newest first.
public struct RequestQuery: Hashable, Sendable {
  /// Nil: of every tenant.
  public var tenant: TenantID?
  /// Nil: of every engineer.
  public var engineer: Subject?
  /// States as they are at `now`; empty: every state.
  public var states: Set<RequestState.Name>
  public var now: Timestamp
  /// Only requests before this one.
  public var before: RequestID?
  public var limit: Int

  public init(
    tenant: TenantID? = nil, engineer: Subject? = nil, states: Set<RequestState.Name> = [],
    now: Timestamp, before: RequestID? = nil, limit: Int
  ) {
    self.tenant = tenant
    self.engineer = engineer
    self.states = states
    self.now = now
    self.before = before
    self.limit = limit
  }
}
