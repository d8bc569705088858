internal import Domain
internal import MerkleLog
internal import ServiceKit
internal import Storage
internal import Synchronization

/// Writes batches, with the trees' right edges at hand.
final class EntryAppender: Sendable {
  /// A log as of the last batch that was written to it.
  private struct OpenLog {
    let id: LogID
    var tree: CompactTree
  }

  // Only the one writer thread comes here; the mutex says so to the compiler.
  private let open = Mutex<[LogName: OpenLog]>([:])

  /// Edges of at most some 10 KiB in all for each; making one again costs two dozen small reads.
  private static let largestCache = 4_096

  func append(_ batch: EventBatch, in transaction: Transaction) throws -> [EntryPlace] {
    try advanceCursor(batch, in: transaction)
    return try open.withLock { cache in
      // What the batch changes comes into the cache only when all of it is written. Should the
      // commit itself fail, the whole service ends.
      var touched: [LogName: OpenLog] = [:]
      var position = try lastPosition(transaction)
      var places: [EntryPlace] = []
      places.reserveCapacity(batch.events.count)
      for event in batch.events {
        var log =
          try touched.removeValue(forKey: event.log) ?? cache[event.log]
          ?? load(event.log, transaction)
        position += 1
        places.append(EntryPlace(log: event.log, index: log.tree.size))
        try write(event, position, to: &log, in: transaction)
        touched[event.log] = log
      }
      if cache.count + touched.count > Self.largestCache { cache.removeAll(keepingCapacity: true) }
      cache.merge(touched) { _, new in new }
      return places
    }
  }

  private func advanceCursor(_ batch: EventBatch, in transaction: Transaction) throws {
    let stored = try transaction.cursor(of: batch.feed.rawValue)
    guard stored == batch.after else {
      throw AuditStoreError.cursorElsewhere(feed: batch.feed, stored: stored, after: batch.after)
    }
    guard !batch.events.isEmpty else { return }
    try transaction.advanceCursor(of: batch.feed.rawValue, from: batch.after, to: batch.through)
  }

  private func lastPosition(_ transaction: Transaction) throws -> Int64 {
    let last = try transaction.first("SELECT max(position) FROM event") { row in
      try row.get(0, as: Int64?.self)
    }
    return (last ?? nil) ?? 0
  }

  private func load(_ name: LogName, _ transaction: Transaction) throws -> OpenLog {
    let reader = try SQLiteLogReader(transaction.connection, name)
    if let id = reader.id {
      let tree = try CompactTree(size: reader.size(), nodes: reader.hash(of:))
      return OpenLog(id: id, tree: tree)
    }
    try transaction.execute("INSERT INTO log (tenant) VALUES (?)", name.tenantID)
    guard let id = try transaction.connection.logID(name) else {
      preconditionFailure("a row that was just written is not there")
    }
    return OpenLog(id: id, tree: CompactTree())
  }

  private func write(
    _ event: LoggedEvent, _ position: Int64, to log: inout OpenLog, in transaction: Transaction
  ) throws {
    let index = log.tree.size
    let leaf = Hash.leaf(event.bytes)
    do {
      try transaction.execute(
        """
        INSERT INTO entry (log, idx, position, event_id, time, kind, request, leaf)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        log.id, index, position, event.id, event.time.nanoseconds, event.kind?.rawValue ?? 0,
        event.request, leaf.bytes)
    } catch {
      guard error.kind == .constraint(.unique) else { throw error }
      throw AuditStoreError.duplicateEvent(event.id)
    }
    try transaction.execute(
      "INSERT INTO event (position, bytes) VALUES (?, ?)", position, event.bytes)
    var completed: [(TreeNode, Hash)] = []
    log.tree.append(leaf) { node, hash in
      if node.level >= SQLiteLogReader.lowestStoredLevel { completed.append((node, hash)) }
    }
    for (node, hash) in completed {
      try transaction.execute(
        "INSERT INTO node (log, level, idx, hash) VALUES (?, ?, ?, ?)", log.id, node.level,
        node.index, hash.bytes)
    }
  }
}
