public import Domain

/// What expiry keeps: deadlines that wait, how many have fired, its feed, its place in approvals'
/// feed.
///
/// SQLite is the store; memory is its fake. One conformance suite holds for both.
public protocol ExpiryStore: Sendable {
  /// Runs `body` alone and keeps what it wrote, all of it or, when it throws, nothing. Returns once
  /// that is durable.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any ExpiryTransaction) throws -> Value
  ) async throws -> Value

  /// Runs `body` on one snapshot of what is durable.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any ExpiryReader) throws -> Value
  ) async throws -> Value

  /// The latest moment that any durable write has seen.
  var timeMark: TimeMark { get }
}

public protocol ExpiryReader {
  func deadline(of request: RequestID) throws -> Deadline?
  /// Earliest first, after `position`.
  func deadlines(after position: Deadline.Position?, limit: Int) throws -> [Deadline]
  /// Those with a notice at or before `moment`, earliest notice first.
  func deadlines(withNoticeBy moment: Timestamp, limit: Int) throws -> [Deadline]
  /// The earliest notice of all.
  func nextNotice() throws -> Timestamp?
  /// How many are due before or at `moment`.
  func count(dueBy moment: Timestamp) throws -> Int
  /// How many have fired since the store was made.
  func fired() throws -> Int
  /// How far another service's feed is applied.
  func cursor(of feed: String) throws -> UInt64
}

public protocol ExpiryTransaction: ExpiryReader {
  /// Never earlier than any moment before it.
  var now: Timestamp { get }

  /// Sets the request's deadline in place of the one that it had.
  func set(_ deadline: Deadline) throws
  func remove(_ request: RequestID) throws
  func countFired() throws

  /// Adds an event to the feed; `event` makes its bytes from its sequence.
  func append(_ event: (UInt64) throws -> [UInt8]) throws
  func advanceCursor(of feed: String, from: UInt64, to: UInt64) throws
}
