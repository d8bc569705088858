internal import Domain
internal import MerkleLog
internal import Synchronization

@testable internal import Audit

/// The audit store in memory, with all nodes kept, and doors at which a test can hold it up.
final class MemoryAuditStore: AuditStore {
  struct Log {
    var entries: [StoredEntry] = []
    var nodes: [TreeNode: Hash] = [:]
    var tree = CompactTree()
    var checkpoint: LogCheckpoint?
  }

  struct State {
    var order: [LogName] = []
    var logs: [LogName: Log] = [:]
    var places: [EventID: EntryPlace] = [:]
    var cursors: [FeedName: UInt64] = [:]
    /// The checkpoints of each `save`, in order.
    var saves: [[LogCheckpoint]] = []
    /// In the order in which they were logged.
    var records: [LogRecord] = []
  }

  struct Unwritable: Error {}

  let state = Mutex(State())
  /// Passed by each `save` before it does anything.
  let saveDoor = Door()
  let failsSaves = Mutex(false)

  func append(_ batch: EventBatch) async throws -> [EntryPlace] {
    try state.withLock { state in
      var changed = state
      let stored = changed.cursors[batch.feed] ?? 0
      guard stored == batch.after else {
        throw AuditStoreError.cursorElsewhere(
          feed: batch.feed, stored: stored, after: batch.after)
      }
      var places: [EntryPlace] = []
      for event in batch.events { places.append(try changed.append(event)) }
      changed.cursors[batch.feed] = batch.through
      state = changed
      return places
    }
  }

  func cursor(of feed: FeedName) async throws -> UInt64 {
    state.withLock { $0.cursors[feed] ?? 0 }
  }

  func place(of event: EventID) async throws -> EntryPlace? {
    state.withLock { $0.places[event] }
  }

  func list(_ query: EntryQuery) async throws -> EntryList {
    let reader = reader(query.log)
    let matching = reader.log.entries.filter { entry in
      entry.index >= query.from
        && (query.request.map { $0 == entry.request } ?? true)
        && (query.kinds.isEmpty || entry.kind.map { query.kinds.contains($0) } ?? false)
        && (query.person.map { $0 == entry.person } ?? true)
        && (query.start.map { $0 <= entry.time } ?? true)
        && (query.end.map { entry.time < $0 } ?? true)
    }
    guard query.judgesEvents else {
      let entries = reader.cut(matching, query.limit, query.maximumBytes)
      let isCut = entries.count < min(matching.count, query.limit)
      return EntryList(entries: entries, next: isCut ? matching[entries.count].index : nil)
    }
    // One after the other, as the store says it.
    var list = EntryList()
    var examined = 0
    for entry in matching {
      examined += 1
      if query.accepts(entry.event) {
        list.entries.append(LogEntry(index: entry.index, event: entry.event))
        if list.entries.count == query.limit { return list }
      }
      if examined == query.examined {
        list.next = entry.index + 1
        return list
      }
    }
    return list
  }

  func scan<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T {
    try body(reader(log))
  }

  func read<T: Sendable>(
    _ log: LogName, _ body: @escaping @Sendable (any LogReader) throws -> T
  ) async throws -> T {
    try body(reader(log))
  }

  func extents() async throws -> [LogExtent] {
    state.withLock { state in
      state.order.map { name in
        let log = state.logs[name] ?? Log()
        return LogExtent(
          log: name, size: log.tree.size, signedSize: log.checkpoint?.size ?? 0)
      }
    }
  }

  func entryCount() async -> UInt64 { state.withLock { UInt64($0.records.count) } }

  func records(
    after position: LogPosition, limit: Int, maximumBytes: Int
  ) async throws -> LogRecords {
    let rest = state.withLock { Array($0.records.dropFirst(Int(position.sequence))) }
    var bytes = 0
    let records = rest.prefix(limit).enumerated().prefix { offset, record in
      bytes += record.event.count
      return offset == 0 || bytes <= maximumBytes
    }.map(\.element)
    return LogRecords(
      records: records,
      next: LogPosition(sequence: position.sequence + UInt64(records.count)))
  }

  func save(_ checkpoints: [LogCheckpoint]) async throws {
    await saveDoor.pass()
    if failsSaves.withLock({ $0 }) { throw Unwritable() }
    state.withLock { state in
      state.saves.append(checkpoints)
      for checkpoint in checkpoints where state.logs[checkpoint.log] != nil {
        let kept = state.logs[checkpoint.log]?.checkpoint?.size ?? 0
        if checkpoint.size > kept { state.logs[checkpoint.log]?.checkpoint = checkpoint }
      }
    }
  }

  private func reader(_ name: LogName) -> MemoryLogReader {
    MemoryLogReader(name: name, log: state.withLock { $0.logs[name] ?? Log() })
  }
}

extension MemoryAuditStore.State {
  fileprivate mutating func append(_ event: LoggedEvent) throws -> EntryPlace {
    guard places[event.id] == nil else { throw AuditStoreError.duplicateEvent(event.id) }
    if logs[event.log] == nil { order.append(event.log) }
    var log = logs[event.log] ?? MemoryAuditStore.Log()
    let place = EntryPlace(log: event.log, index: log.tree.size)
    let leaf = Hash.leaf(event.bytes)
    log.entries.append(
      StoredEntry(
        index: place.index, event: event.bytes, leaf: leaf, id: event.id, time: event.time,
        request: event.request, kind: event.kind, person: event.person))
    var completed: [TreeNode: Hash] = [:]
    log.tree.append(leaf) { completed[$0] = $1 }
    log.nodes.merge(completed) { _, new in new }
    logs[event.log] = log
    places[event.id] = place
    records.append(
      LogRecord(
        sequence: UInt64(records.count) + 1, log: place.log, index: place.index,
        event: event.bytes))
    return place
  }
}

struct MemoryLogReader: LogReader {
  let name: LogName
  let log: MemoryAuditStore.Log

  func size() throws -> UInt64 { log.tree.size }

  func hash(of node: TreeNode) throws -> Hash {
    guard let hash = log.nodes[node] else {
      throw AuditStoreError.damaged(name, index: node.index << UInt64(node.level))
    }
    return hash
  }

  func storedHash(of node: TreeNode) throws -> Hash? { log.nodes[node] }

  func entries(from index: UInt64, limit: Int, maximumBytes: Int) throws -> [LogEntry] {
    cut(log.entries.filter { $0.index >= index }, limit, maximumBytes)
  }

  func storedEntries(from index: UInt64, limit: Int) throws -> [StoredEntry] {
    Array(log.entries.filter { $0.index >= index }.prefix(limit))
  }

  func eachSummary(
    from start: Timestamp, to end: Timestamp, limit: Int, _ body: (EntrySummary) -> Void
  ) throws -> Bool {
    let found = log.entries.filter { start <= $0.time && $0.time < end }
    for entry in found.prefix(limit) {
      body(EntrySummary(index: entry.index, time: entry.time, kind: entry.kind))
    }
    return found.count <= limit
  }

  func checkpoint() throws -> LogCheckpoint? { log.checkpoint }

  func cut(_ entries: [StoredEntry], _ limit: Int, _ maximumBytes: Int) -> [LogEntry] {
    var bytes = 0
    return entries.prefix(limit).prefix { entry in
      bytes += entry.event.count
      return bytes <= maximumBytes || bytes == entry.event.count
    }.map { LogEntry(index: $0.index, event: $0.event) }
  }
}
