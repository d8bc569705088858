internal import Domain
internal import MerkleLog

/// What the audit service keeps. Whatever a call says it has written is durable when it returns.
protocol AuditStore: Sendable {
  /// Appends each event to its log and moves the feed's cursor, all or nothing.
  ///
  /// - Returns: where the events stand, in the batch's order.
  /// - Throws: `AuditStoreError.cursorElsewhere`, `.duplicateEvent`.
  func append(_ batch: EventBatch) async throws -> [EntryPlace]

  /// The last sequence of a feed that is logged; 0 for none.
  func cursor(of feed: FeedName) async throws -> UInt64

  func place(of event: EventID) async throws -> EntryPlace?

  /// Entries in ascending order of index.
  func list(_ query: EntryQuery) async throws -> EntryList

  /// Reads one log on one snapshot of what is durable; a log that does not exist reads as empty.
  func read<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T

  /// Like `read`, for what looks at many entries: holds no receipt up.
  func scan<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T

  /// Every log that has an entry, in the order in which they began.
  func extents() async throws -> [LogExtent]

  /// Entries of all logs.
  func entryCount() async -> UInt64

  /// The entries of all logs behind a position, in the order in which they were logged: at most
  /// `limit` and no more than fit in `maximumBytes`, but at least one where there is one.
  func records(
    after position: LogPosition, limit: Int, maximumBytes: Int
  ) async throws -> LogRecords

  /// Keeps checkpoints; one that is not larger than the kept one of its log changes nothing.
  func save(_ checkpoints: [LogCheckpoint]) async throws
}

/// One log on one snapshot.
protocol LogReader {
  /// The number of entries.
  func size() throws -> UInt64

  /// The hash of a complete subtree.
  /// - Throws: `AuditStoreError.damaged` where it is missing.
  func hash(of node: TreeNode) throws -> Hash

  /// Entries from an index on, dense: at most `limit` and no more than fit in `maximumBytes`, but
  /// at least one where there is one.
  func entries(from index: UInt64, limit: Int, maximumBytes: Int) throws -> [LogEntry]

  /// Entries with all that is stored, from an index on, whether dense or not.
  func storedEntries(from index: UInt64, limit: Int) throws -> [StoredEntry]

  /// Goes through the entries of a time, the end excluded, without reading them.
  /// - Returns: false where there are more than `limit`: then not all were gone through.
  func eachSummary(
    from start: Timestamp, to end: Timestamp, limit: Int, _ body: (EntrySummary) -> Void
  ) throws -> Bool

  /// The hash that is stored for a complete subtree; nil where none is, as for the lowest levels.
  func storedHash(of node: TreeNode) throws -> Hash?

  func checkpoint() throws -> LogCheckpoint?
}

extension LogReader {
  /// One entry; nil beyond the end.
  func entry(at index: UInt64) throws -> LogEntry? {
    guard let entry = try entries(from: index, limit: 1, maximumBytes: .max).first,
      entry.index == index
    else { return nil }
    return entry
  }
}

/// Which entries of a log to list.
struct EntryQuery: Sendable {
  var log: LogName
  /// The first index to look at.
  var from: UInt64 = 0
  var limit: Int
  /// The events' bytes together; the first entry is given whatever its size.
  var maximumBytes = Int.max
  var request: RequestID?
  /// The subject id of who caused it.
  var person: String?
  /// Of this issuer only.
  var personIssuer: String?
  var text: TextQuery?
  /// Entries at most whose events are looked at for `personIssuer` and `text`.
  var examined = Int.max
  /// Empty: every kind.
  var kinds: Set<EntryKind> = []
  /// Inclusive.
  var start: Timestamp?
  /// Exclusive.
  var end: Timestamp?
}

/// What of an entry is known without reading it.
struct EntrySummary: Sendable {
  let index: UInt64
  let time: Timestamp
  let kind: EntryKind?
}

/// What a query found.
struct EntryList: Hashable, Sendable {
  var entries: [LogEntry] = []
  /// The index to go on from, where `EntryQuery.maximumBytes` or `examined` ended the list before
  /// its limit was reached.
  var next: UInt64?
}

/// What a store refuses.
enum AuditStoreError: Error, Hashable {
  /// The feed is logged up to another sequence than the batch begins after.
  case cursorElsewhere(feed: FeedName, stored: UInt64, after: UInt64)
  /// The event is logged already, under another sequence.
  case duplicateEvent(EventID)
  /// A row is missing or is not what its place demands.
  case damaged(LogName, index: UInt64)
}

extension AuditStoreError: CustomStringConvertible {
  var description: String {
    switch self {
    case .cursorElsewhere(let feed, let stored, let after):
      "the \(feed.rawValue) feed is logged up to \(stored), not \(after)"
    case .duplicateEvent(let id): "event \(id) is logged already"
    case .damaged(let log, let index): "\(log) is damaged at or after index \(index)"
    }
  }
}
