internal import MerkleLog

/// An entry with its place, as it is to be seen once its batch is durable.
struct StagedEntry {
  var position: EntryPosition
  var row: EntryRow
  var leaf: Hash
  var id: Key128
  var request: Key128?
  var person: Key128?
}

/// What a batch changes.
struct StagedBatch {
  var names: [LogNumber] = []
  var entries: [StagedEntry] = []
  var nodes: [TileNode] = []
  /// As the batch leaves them.
  var trees: [UInt32: CompactTree] = [:]
  var cursors: [String: UInt64] = [:]
  var checkpoints: [CheckpointRow] = []
  /// What comes after it.
  var end = StoreEnd()
}

/// Where the next batch goes.
struct StoreEnd: Equatable {
  var batch: UInt64 = 0
  var sequence: UInt64 = 0
  var chain: UInt32 = 0
}

/// Puts items into logs: the one place where trees grow, while writing and while recovering.
struct Stager {
  /// By number.
  private(set) var trees: [CompactTree] = []
  private(set) var numbers: [String: UInt32] = [:]
  /// The sizes of the logs' newest checkpoints, by number; 0 for none.
  private(set) var signedSizes: [UInt64] = []

  /// - Returns: nil, or why the item cannot stand here.
  mutating func stage(
    _ item: BatchItem, offset: Int, length: Int, into batch: inout StagedBatch
  ) -> String? {
    switch item {
    case .log(let number, let name):
      guard Int(number) == trees.count, numbers[name] == nil else {
        return "a log begins under a number or a name that is taken"
      }
      addLog(name)
      batch.names.append(LogNumber(number: number, name: name))
    case .entry(let entry):
      guard Int(entry.log) < trees.count else { return "an entry is of an unknown log" }
      let size = trees[Int(entry.log)].size
      guard entry.index == size else {
        return "an entry has the index \(entry.index) where \(size) comes next"
      }
      stage(entry, leaf: entry.leaf, offset: offset, length: length, into: &batch)
    case .cursor(let feed, let sequence):
      batch.cursors[feed] = sequence
    case .checkpoint(let log, let size, _):
      guard Int(log) < trees.count, size <= trees[Int(log)].size else {
        return "a checkpoint is of more entries than its log has"
      }
      signedSizes[Int(log)] = max(signedSizes[Int(log)], size)
      batch.checkpoints.append(
        CheckpointRow(log: log, size: size, offset: UInt32(offset), length: UInt32(length)))
    }
    return nil
  }

  /// Appends an entry whose log and index are right.
  mutating func stage(
    _ entry: EntryItem, leaf: Hash, offset: Int, length: Int, into batch: inout StagedBatch
  ) {
    let log = Int(entry.log)
    trees[log].append(leaf) { node, hash in
      if node.level > 0 && node.level % 8 == 0 {
        batch.nodes.append(TileNode(log: entry.log, level: node.level / 8, hash: hash))
      }
    }
    batch.entries.append(
      StagedEntry(
        position: EntryPosition(log: entry.log, index: entry.index),
        row: EntryRow(
          offset: UInt32(offset), length: UInt32(length), time: entry.time, kind: entry.kind,
          isDropped: entry.isDropped),
        leaf: leaf, id: entry.id, request: entry.request,
        person: entry.person.map { Key128(person: $0) }))
  }

  /// Notes how far each log has come, at the batch's end.
  func finish(_ batch: inout StagedBatch) {
    var last: UInt32?
    for entry in batch.entries where entry.position.log != last {
      last = entry.position.log
      batch.trees[entry.position.log] = trees[Int(entry.position.log)]
    }
  }

  mutating func addLog(_ name: String) {
    numbers[name] = UInt32(trees.count)
    trees.append(CompactTree())
    signedSizes.append(0)
  }

  /// Sets a log to what an index file says of it.
  mutating func restore(_ log: UInt32, _ tree: CompactTree) { trees[Int(log)] = tree }

  /// Notes a checkpoint that an index file has of a log.
  mutating func restore(_ checkpoint: CheckpointRow) {
    let log = Int(checkpoint.log)
    signedSizes[log] = max(signedSizes[log], checkpoint.size)
  }
}
