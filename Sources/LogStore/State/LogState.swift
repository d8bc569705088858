internal import MerkleLog

/// A run of a log's entries in one segment, and what they have in common.
struct Span {
  var segment: UInt32
  /// The first entry's index in the log.
  var first: UInt64
  var count: UInt32
  var earliest: Int64
  var latest: Int64
  var kinds: KindMask

  var end: UInt64 { first + UInt64(count) }

  init(segment: UInt32, first: UInt64) {
    self.segment = segment
    self.first = first
    count = 0
    earliest = .max
    latest = .min
    kinds = KindMask()
  }

  mutating func add(_ row: EntryRow) {
    count += 1
    earliest = min(earliest, row.time)
    latest = max(latest, row.time)
    kinds.insert(row.kind)
  }
}

/// A checkpoint's place in the store.
struct CheckpointPlace {
  var segment: UInt32
  var row: CheckpointRow
}

/// One log as far as it is durable.
struct LogState {
  let name: String
  var tree = CompactTree()
  /// The elements of the tiles above level 0, that is of levels 1, 2 and so on: 1/255 of the
  /// leaves' hashes, so they stay in memory.
  private(set) var nodes: [[Hash]] = []
  /// In rising order.
  var spans: [Span] = []
  var newestCheckpoint: CheckpointPlace?

  init(name: String) { self.name = name }

  mutating func add(_ node: TileNode) {
    while nodes.count < node.level { nodes.append([]) }
    nodes[node.level - 1].append(node.hash)
  }

  mutating func add(_ row: EntryRow, index: UInt64, segment: UInt32) {
    if spans.last?.segment != segment { spans.append(Span(segment: segment, first: index)) }
    spans[spans.count - 1].add(row)
  }

  mutating func add(_ checkpoint: CheckpointRow, segment: UInt32) {
    if checkpoint.size > newestCheckpoint?.row.size ?? 0 {
      newestCheckpoint = CheckpointPlace(segment: segment, row: checkpoint)
    }
  }

  /// The position in `spans` of the first that ends behind an index.
  func firstSpan(behind index: UInt64) -> Int {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].end > index { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
