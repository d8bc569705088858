internal import MerkleLog

/// What a segment is searched by, in memory: of the segment that is written, and of one that has no
/// index file yet.
struct SegmentTable {
  struct LogRows {
    /// The index of the first entry that this segment has of the log.
    var first: UInt64
    /// In the order of their indexes.
    var rows: [UInt32] = []
  }

  /// In the order of the segment, as are `positions` and `leaves`.
  private(set) var rows: [EntryRow] = []
  private(set) var positions: [EntryPosition] = []
  private(set) var leaves: [Hash] = []
  private(set) var ids: [Key128: UInt32] = [:]
  private(set) var requests = KeyChain()
  private(set) var persons = KeyChain()
  private(set) var logs: [UInt32: LogRows] = [:]
  private(set) var nodes: [TileNode] = []
  /// The right edges of the logs that the segment has entries of, as it leaves them.
  private(set) var edges: [UInt32: [Hash]] = [:]
  private(set) var checkpoints: [CheckpointRow] = []
  private(set) var names: [LogNumber] = []
  /// All cursors, as the segment leaves them.
  private(set) var cursors: [String: UInt64] = [:]

  mutating func append(_ batch: StagedBatch) {
    for entry in batch.entries { append(entry) }
    nodes += batch.nodes
    checkpoints += batch.checkpoints
    names += batch.names
    for (log, tree) in batch.trees { edges[log] = tree.edge }
  }

  private mutating func append(_ entry: StagedEntry) {
    let row = UInt32(rows.count)
    rows.append(entry.row)
    positions.append(entry.position)
    leaves.append(entry.leaf)
    ids[entry.id] = row
    if let request = entry.request { requests.add(request, row) }
    if let person = entry.person { persons.add(person, row) }
    logs[entry.position.log, default: LogRows(first: entry.position.index)].rows.append(row)
  }

  /// Notes all cursors when the segment ends.
  mutating func close(cursors: [String: UInt64]) { self.cursors = cursors }

  /// The rows of a log from an index on.
  func rows(of log: UInt32, from index: UInt64, count: Int) -> ArraySlice<UInt32> {
    guard let found = logs[log], index >= found.first, index - found.first < found.rows.count
    else { return [] }
    let start = Int(index - found.first)
    return found.rows[start..<min(start + count, found.rows.count)]
  }
}
