internal import Domain
internal import MerkleLog
internal import ServiceKit
internal import Storage

/// Reads one log; serves readers and, while a tree is rebuilt, the writer.
struct SQLiteLogReader: LogReader {
  /// Hashes of smaller subtrees are made from the leaves' when they are needed: storing one node
  /// for sixteen entries instead of two for each halves what an append writes.
  static let lowestStoredLevel = 4

  /// Nil for a log that does not exist.
  let id: LogID?
  private let connection: Connection
  private let log: LogName

  init(_ connection: Connection, _ log: LogName) throws {
    self.connection = connection
    self.log = log
    id = try connection.logID(log)
  }

  func size() throws -> UInt64 {
    guard let id else { return 0 }
    let size = try connection.first("SELECT max(idx) + 1 FROM entry WHERE log = ?", id) { row in
      try row.get(0, as: UInt64?.self) ?? 0
    }
    return size ?? 0
  }

  func hash(of node: TreeNode) throws -> Hash {
    guard node.level < Self.lowestStoredLevel else {
      guard let hash = try storedHash(of: node) else {
        throw AuditStoreError.damaged(log, index: node.index << UInt64(node.level))
      }
      return hash
    }
    let first = node.index << UInt64(node.level)
    let leaves = try connection.all(
      "SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx", id,
      first, first + 1 << UInt64(node.level)
    ) { row in row.withBytes(0) { Hash(copying: $0) } }
    var level = leaves.compactMap { $0 }
    guard level.count == 1 << node.level else {
      throw AuditStoreError.damaged(log, index: first)
    }
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { Hash.node(level[$0], level[$0 + 1]) }
    }
    return level[0]
  }

  func storedHash(of node: TreeNode) throws -> Hash? {
    let hash = try connection.first(
      "SELECT hash FROM node WHERE log = ? AND level = ? AND idx = ?", id, node.level, node.index
    ) { row in row.withBytes(0) { Hash(copying: $0) } }
    return hash ?? nil
  }

  func entries(from index: UInt64, limit: Int, maximumBytes: Int) throws -> [LogEntry] {
    guard let id else { return [] }
    return try connection.entries(
      of: id, EntryQuery(log: log, from: index, limit: limit, maximumBytes: maximumBytes)
    ).entries
  }

  func storedEntries(from index: UInt64, limit: Int) throws -> [StoredEntry] {
    try connection.all(
      """
      SELECT idx, bytes, leaf, event_id, time, kind, request
      FROM entry JOIN event ON event.position = entry.position
      WHERE log = ? AND idx >= ? ORDER BY idx LIMIT ?
      """, id, index, limit
    ) { row in
      guard let leaf = row.withBytes(2, { Hash(copying: $0) }) else {
        throw row.unexpected(2, "a hash")
      }
      return StoredEntry(
        index: try row.get(0), event: try row.bytes(1), leaf: leaf, id: try row.get(3),
        time: Timestamp(nanoseconds: try row.int64(4)), request: try row.get(6),
        kind: EntryKind(rawValue: try row.get(5)))
    }
  }

  func checkpoint() throws -> LogCheckpoint? {
    try connection.first("SELECT size, note FROM checkpoint WHERE log = ?", id) { row in
      LogCheckpoint(log: log, size: try row.get(0), note: try row.string(1))
    }
  }
}

extension Connection {
  func entries(of log: LogID, _ query: EntryQuery) throws -> EntryList {
    var filter: SQL = "log = ? AND idx >= ?"
    var values: [any Bindable] = [log, query.from]
    if let request = query.request {
      filter = filter + " AND request = ?"
      values.append(request)
    }
    if !query.kinds.isEmpty {
      filter = filter + " AND (1 << kind) & ? != 0"
      values.append(query.kinds.reduce(0) { $0 | 1 << $1.rawValue })
    }
    if let start = query.start {
      filter = filter + " AND time >= ?"
      values.append(start.nanoseconds)
    }
    if let end = query.end {
      filter = filter + " AND time < ?"
      values.append(end.nanoseconds)
    }
    values.append(query.limit)
    let sql: SQL =
      "SELECT idx, bytes FROM entry JOIN event ON event.position = entry.position WHERE "
      + filter + " ORDER BY idx LIMIT ?"
    var list = EntryList()
    var bytes = 0
    try each(sql, bindings: values) { row in
      let (total, overflow) = bytes.addingReportingOverflow(row.byteCount(1))
      list.isCut = !list.entries.isEmpty && (overflow || total > query.maximumBytes)
      if list.isCut { return false }
      bytes = total
      list.entries.append(LogEntry(index: try row.get(0), event: try row.bytes(1)))
      return true
    }
    return list
  }
}
