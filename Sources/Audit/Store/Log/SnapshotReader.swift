internal import Domain
internal import LogStore
internal import MerkleLog

/// One log of the store on one snapshot.
struct SnapshotReader: LogReader {
  let name: LogName
  let log: LogSnapshot

  func size() throws -> UInt64 { log.size }

  func hash(of node: TreeNode) throws -> Hash {
    guard isWithin(node) else {
      throw AuditStoreError.damaged(name, index: node.index << UInt64(node.level))
    }
    return try log.hash(of: node)
  }

  /// Of the levels that tiles are made of; the lowest is the leaves', which stand by the entries.
  func storedHash(of node: TreeNode) throws -> Hash? {
    guard node.level > 0, node.level % 8 == 0, isWithin(node) else { return nil }
    return try log.hashes(level: node.level / 8, from: node.index, count: 1).first
  }

  private func isWithin(_ node: TreeNode) -> Bool {
    node.level < 64 && node.index < log.size >> UInt64(node.level)
  }

  func entries(from index: UInt64, limit: Int, maximumBytes: Int) throws -> [LogEntry] {
    try log.entries(from: index, limit: limit, maximumBytes: maximumBytes).map { LogEntry($0) }
  }

  func storedEntries(from index: UInt64, limit: Int) throws -> [StoredEntry] {
    try log.entries(from: index, limit: limit).map { entry in
      StoredEntry(
        index: entry.index, event: entry.body ?? [], leaf: entry.leaf, id: try ID(entry.id),
        time: Timestamp(nanoseconds: entry.time), request: try entry.request.map { try ID($0) },
        kind: EntryKind(rawValue: Int(entry.kind)), person: entry.person,
        isDropped: entry.body == nil)
    }
  }

  func eachSummary(
    from start: Timestamp, to end: Timestamp, limit: Int, _ body: (EntrySummary) -> Void
  ) throws -> Bool {
    try log.eachSummary(times: start.nanoseconds..<end.nanoseconds, limit: limit) {
      body(
        EntrySummary(
          index: $0.index, time: Timestamp(nanoseconds: $0.time),
          kind: EntryKind(rawValue: Int($0.kind))))
    }
  }

  func checkpoint() throws -> LogCheckpoint? {
    try log.checkpoint().map { LogCheckpoint(log: name, size: $0.size, note: $0.note) }
  }
}

extension NewEntry {
  init(_ event: LoggedEvent) {
    self.init(
      log: event.log.tenantID, id: Key128(event.id), time: event.time.nanoseconds,
      kind: UInt16(event.kind?.rawValue ?? 0), request: event.request.map { Key128($0) },
      person: event.person, body: event.bytes)
  }
}

extension LogEntry {
  init(_ entry: LogStore.Entry) {
    self.init(
      index: entry.index, event: entry.body ?? [],
      droppedLeaf: entry.body == nil ? entry.leaf : nil)
  }
}

extension LogQuery {
  init(_ query: EntryQuery) {
    self.init(from: query.from, limit: query.limit)
    maximumBytes = query.maximumBytes
    request = query.request.map { Key128($0) }
    person = query.person
    if query.judgesEvents {
      examined = query.examined
      accepts = { query.accepts($0.body ?? []) }
    }
    kinds = Set(query.kinds.map { UInt16($0.rawValue) })
    if query.start != nil || query.end != nil {
      let start = query.start?.nanoseconds ?? .min
      times = start..<max(start, query.end?.nanoseconds ?? .max)
    }
  }
}

extension Key128 {
  init<Kind>(_ id: ID<Kind>) { self.init(high: id.uuid.high, low: id.uuid.low) }
}

extension ID {
  fileprivate init(_ key: Key128) throws {
    guard let uuid = UUIDv7(high: key.high, low: key.low) else {
      throw LogStoreError.invalid("the store has an id \(key), which is no UUIDv7")
    }
    self.init(uuid)
  }
}
