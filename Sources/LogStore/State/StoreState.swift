/// All that is durable, as readers see it.
struct StoreState {
  /// By number: in the order in which they began.
  var logs: [LogState] = []
  var numbers: [String: UInt32] = [:]
  /// By number.
  var segments: [SegmentState] = []
  var cursors: [String: UInt64] = [:]
  var end = StoreEnd()

  /// Shows a batch that is durable, in the segment that was added last.
  mutating func apply(_ batch: StagedBatch) {
    let segment = UInt32(segments.count - 1)
    for name in batch.names { addLog(name.name) }
    for entry in batch.entries {
      logs[Int(entry.position.log)].add(entry.row, index: entry.position.index, segment: segment)
    }
    for node in batch.nodes { logs[Int(node.log)].add(node) }
    for (log, tree) in batch.trees { logs[Int(log)].tree = tree }
    for checkpoint in batch.checkpoints {
      logs[Int(checkpoint.log)].add(checkpoint, segment: segment)
    }
    cursors.merge(batch.cursors) { _, new in new }
    segments[segments.count - 1].table?.append(batch)
    end = batch.end
  }

  mutating func addLog(_ name: String) {
    numbers[name] = UInt32(logs.count)
    logs.append(LogState(name: name))
  }
}

/// One segment: its file, and what it is searched by.
struct SegmentState {
  var file: SegmentFile
  /// Until there is an index file.
  var table: SegmentTable?
  var index: IndexFile?
  var isSealed = false
}
