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
  /// The hashes of complete subtrees of `lowestLevel` and of each level above: as many as two of
  /// 256 leaves, so they stay in memory.
  private(set) var nodes: [[Hash]] = []
  /// In rising order.
  var spans: [Span] = []
  var newestCheckpoint: CheckpointPlace?

  /// A full tile of level 0 (C2SP tlog-tiles) has 2 ^ 8 leaves.
  static let lowestLevel = 8

  init(name: String) { self.name = name }

  /// Takes in a tile's hash, and makes those of the subtrees above that it completes.
  mutating func add(_ node: TileNode) {
    guard node.level == 1 else { return }
    var hash = node.hash
    for level in 0... {
      if level == nodes.count { nodes.append([]) }
      nodes[level].append(hash)
      guard nodes[level].count % 2 == 0 else { return }
      hash = Hash.node(nodes[level][nodes[level].count - 2], hash)
    }
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
