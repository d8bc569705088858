internal import Domain
internal import LogStore
internal import MerkleLog

/// The audit log in its own append-only files.
struct LogAuditStore: AuditStore {
  let log: LogStore

  /// Opens or makes the directory.
  /// - Parameter onFatal: called when nothing more can be acknowledged.
  /// - Throws: `LogStoreError`.
  init(
    path: String, _ options: LogStoreOptions = LogStoreOptions(),
    files: any FileSystem = PosixFileSystem(),
    onFatal: @escaping @Sendable (LogStoreError) -> Void
  ) throws {
    log = try LogStore(at: path, options, files: files, onFatal: onFatal)
  }

  func append(_ batch: EventBatch) async throws -> [EntryPlace] {
    let new = NewBatch(
      cursor: CursorMove(feed: batch.feed.rawValue, after: batch.after, through: batch.through),
      entries: batch.events.map { NewEntry($0) })
    let indexes: [UInt64]
    do {
      indexes = try await log.append(new)
    } catch let error as LogStoreError {
      throw AuditStoreError(error, feed: batch.feed, events: batch.events) ?? error
    }
    return zip(batch.events, indexes).map { EntryPlace(log: $0.log, index: $1) }
  }

  func cursor(of feed: FeedName) async throws -> UInt64 { log.cursor(of: feed.rawValue) }

  func place(of event: EventID) async throws -> EntryPlace? {
    let address = try await log.read { try $0.address(of: Key128(event)) }
    return try address.map { try EntryPlace(log: LogName(stored: $0.log), index: $0.index) }
  }

  func list(_ query: EntryQuery) async throws -> EntryList {
    try await log.read(in: query.judgesEvents ? .scan : .short) { log in
      let found = try log.log(query.log.tenantID).list(LogQuery(query))
      return EntryList(entries: found.entries.map { LogEntry($0) }, next: found.next)
    }
  }

  func scan<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T {
    try await self.log.read(in: .scan) { store in
      try body(SnapshotReader(name: log, log: store.log(log.tenantID)))
    }
  }

  func read<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T {
    try await self.log.read { store in
      try body(SnapshotReader(name: log, log: store.log(log.tenantID)))
    }
  }

  func extents() async throws -> [LogExtent] {
    try log.logs.map { name in
      let snapshot = log.log(name)
      return LogExtent(
        log: try LogName(stored: name), size: snapshot.size, signedSize: snapshot.signedSize)
    }
  }

  func entryCount() async -> UInt64 { log.entryCount }

  func records(
    after position: LogPosition, limit: Int, maximumBytes: Int
  ) async throws -> LogRecords {
    try await log.read { log in
      var cursor = position.cursor ?? StoreCursor(after: position.sequence)
      let entries = try log.entries(after: &cursor, limit: limit, maximumBytes: maximumBytes)
      return LogRecords(
        records: try entries.map { entry in
          LogRecord(
            sequence: entry.sequence + 1, log: try LogName(stored: entry.log),
            index: entry.entry.index, event: entry.entry.body ?? [])
        }, next: LogPosition(sequence: cursor.sequence, cursor: cursor))
    }
  }

  func save(_ checkpoints: [LogCheckpoint]) async throws {
    // Only a log with entries is signed.
    let kept = checkpoints.filter { log.log($0.log.tenantID).size > 0 }
    try await log.append(
      NewBatch(
        checkpoints: kept.map {
          KeptCheckpoint(log: $0.log.tenantID, size: $0.size, note: $0.note)
        }))
  }
}

extension AuditStoreError {
  /// Nil for what is no refusal of this batch.
  fileprivate init?(_ error: LogStoreError, feed: FeedName, events: [LoggedEvent]) {
    switch error {
    case .cursorElsewhere(_, let stored, let after):
      self = .cursorElsewhere(feed: feed, stored: stored, after: after)
    case .duplicateEntry(let id):
      guard let event = events.first(where: { Key128($0.id) == id }) else { return nil }
      self = .duplicateEvent(event.id)
    default: return nil
    }
  }
}

extension LogName {
  /// The log of a stored name.
  init(stored name: String) throws {
    guard let log = LogName(tenantID: name) else {
      throw LogStoreError.invalid("the store has a log `\(name)`, which is no tenant id")
    }
    self = log
  }
}
