/// What a write body works with: the writer's connection within the transaction of its group.
///
/// A body runs on the writer thread while others wait: it computes nothing long and waits for
/// nothing. What it throws undoes its own changes only.
public final class Transaction {
  /// For reads, and for functions that serve read and write bodies alike.
  public let connection: Connection
  /// The clock when this body started, in nanoseconds since the epoch.
  public private(set) var now: Int64 = 0
  /// The latest time that any write of this file has seen, this one included, in nanoseconds since
  /// the epoch. `now` behind it means that the clock went back.
  public private(set) var highWater: Int64
  /// The last sequence of the feed, this body's own records included; 0 for none.
  public private(set) var feedLast: UInt64

  private let clock: @Sendable () -> Int64

  init(
    connection: Connection, clock: @escaping @Sendable () -> Int64, highWater: Int64,
    feedLast: UInt64
  ) {
    self.connection = connection
    self.clock = clock
    self.highWater = highWater
    self.feedLast = feedLast
  }

  /// Runs a statement that returns no rows.
  /// - Returns: the number of rows that it inserted, changed or deleted.
  @discardableResult
  public func execute(_ sql: SQL, _ values: any Bindable...) throws(StorageError) -> Int {
    try connection.execute(sql, bindings: values)
  }

  /// The first row, or nil when there is none.
  public func first<R>(
    _ sql: SQL, _ values: any Bindable..., map: (Row) throws -> R
  ) throws -> R? {
    try connection.first(sql, bindings: values, map: map)
  }

  /// All rows, in the order of the statement.
  public func all<R>(
    _ sql: SQL, _ values: any Bindable..., map: (Row) throws -> R
  ) throws -> [R] {
    try connection.all(sql, bindings: values, map: map)
  }

  /// Adds an event to the feed of this database, in this transaction: subscribers see it when
  /// all of the transaction is durable, and never if it is not.
  /// - Parameter event: makes the event's bytes, which carry their own sequence.
  /// - Returns: the sequence: one more than that of the event before.
  @discardableResult
  public func append(_ event: (UInt64) throws -> [UInt8]) throws -> UInt64 {
    let sequence = feedLast + 1
    let bytes = try event(sequence)
    try execute("INSERT INTO feed (sequence, event) VALUES (?, ?)", sequence, bytes)
    feedLast = sequence
    return sequence
  }

  // MARK: - For the committer

  /// Starts the next body.
  /// - Returns: what `rollBack` needs to take its records out of the feed again.
  func start() -> UInt64 {
    now = clock()
    highWater = max(highWater, now)
    return feedLast
  }

  func rollBack(to feedLast: UInt64) {
    self.feedLast = feedLast
  }
}
