/// One event of a feed as stored.
public struct FeedRecord: Sendable, Hashable {
  public let sequence: UInt64
  public let event: [UInt8]

  public init(sequence: UInt64, event: [UInt8]) {
    self.sequence = sequence
    self.event = event
  }
}

/// The ordered, durable events of one database: sequences start at 1, are dense, and have the
/// order of the commits. Written by `Transaction.append`.
public struct Feed: Sendable {
  private let readers: ReaderPool
  private let signal: FeedSignal

  init(readers: ReaderPool, signal: FeedSignal) {
    self.readers = readers
    self.signal = signal
  }

  /// The last durable sequence; 0 for none.
  public var last: UInt64 { signal.last }

  /// Waits until there is an event after `sequence`.
  /// - Returns: the last durable sequence.
  /// - Throws: `CancellationError`; the `StorageError` that ended the database.
  public func wait(after sequence: UInt64) async throws -> UInt64 {
    try await signal.wait(after: sequence)
  }

  /// The events after `sequence`: at most `limit`, and no more than fit in `maxBytes`, but at least
  /// one when there is one.
  /// - Throws: `gap` when a sequence is missing.
  public func read(
    after sequence: UInt64, limit: Int, maxBytes: Int = .max
  ) async throws -> [FeedRecord] {
    if sequence >= last { return [] }
    return try await readers.read { connection in
      try connection.feedRecords(after: sequence, limit: limit, maxBytes: maxBytes)
    }
  }

  /// Like `read`, but waits until there is at least one event.
  public func next(
    after sequence: UInt64, limit: Int, maxBytes: Int = .max
  ) async throws -> [FeedRecord] {
    _ = try await wait(after: sequence)
    return try await read(after: sequence, limit: limit, maxBytes: maxBytes)
  }
}

extension Connection {
  /// The last sequence of the feed; 0 for none.
  func feedLast() throws -> UInt64 {
    try first("SELECT max(sequence) FROM feed") { try $0.get(0, as: UInt64?.self) ?? 0 } ?? 0
  }

  fileprivate func feedRecords(
    after sequence: UInt64, limit: Int, maxBytes: Int
  ) throws -> [FeedRecord] {
    var records: [FeedRecord] = []
    var bytes = 0
    let sql: SQL = "SELECT sequence, event FROM feed WHERE sequence > ? ORDER BY sequence LIMIT ?"
    try each(sql, bindings: [sequence, limit]) { row in
      let found: UInt64 = try row.get(0)
      let expected = sequence + UInt64(records.count) + 1
      guard found == expected else {
        throw StorageError(
          .gap(expected: expected, found: found),
          message: "the feed goes on with \(found) instead of \(expected)",
          while: "reading the feed", path: path)
      }
      let (total, overflow) = bytes.addingReportingOverflow(row.byteCount(1))
      if !records.isEmpty && (overflow || total > maxBytes) { return false }
      bytes = total
      records.append(FeedRecord(sequence: found, event: try row.bytes(1)))
      return true
    }
    return records
  }
}
