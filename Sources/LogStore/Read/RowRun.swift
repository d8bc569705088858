internal import MerkleLog
internal import Synchronization

/// Consecutive entries of a log in one segment.
struct RowRun {
  let segment: SegmentFile
  let first: UInt64
  let rows: [EntryRow]
  let leaves: [Hash]
}

extension StoreShared {
  /// Where something stands: to be read outside the lock.
  private enum Source {
    case memory(RowRun)
    case file(SegmentFile, IndexFile)
  }

  /// The entries of a log from an index on, at most `count` and at most to the segment's end.
  /// - Precondition: there is an entry at `index`.
  func run(of log: UInt32, from index: UInt64, count: Int) throws(LogStoreError) -> RowRun {
    let source: Source = state.withLock { state in
      let spans = state.logs[Int(log)].spans
      let span = spans[state.logs[Int(log)].firstSpan(behind: index)]
      let segment = state.segments[Int(span.segment)]
      if let file = segment.index { return .file(segment.file, file) }
      let rows = segment.table?.rows(of: log, from: index, count: count) ?? []
      return .memory(
        RowRun(
          segment: segment.file, first: index,
          rows: rows.compactMap { segment.table?.rows[Int($0)] },
          leaves: rows.compactMap { segment.table?.leaves[Int($0)] }))
    }
    switch source {
    case .memory(let run): return run
    case .file(let segment, let file):
      let run = RowRun(
        segment: segment, first: index, rows: try file.rows(of: log, from: index, count: count),
        leaves: try file.leaves(of: log, from: index, count: count))
      guard !run.rows.isEmpty, run.rows.count == run.leaves.count else { throw file.malformed() }
      return run
    }
  }

  /// The rows of a log's entries from an index on, at most `count` and at most to the segment's end.
  /// - Precondition: there is an entry at `index`.
  func rows(of log: UInt32, from index: UInt64, count: Int) throws(LogStoreError) -> [EntryRow] {
    let (rows, file) = state.withLock { state -> ([EntryRow], IndexFile?) in
      let spans = state.logs[Int(log)].spans
      let segment = state.segments[
        Int(spans[state.logs[Int(log)].firstSpan(behind: index)].segment)]
      if let file = segment.index { return ([], file) }
      let rows = segment.table?.rows(of: log, from: index, count: count) ?? []
      return (rows.compactMap { segment.table?.rows[Int($0)] }, nil)
    }
    guard let file else { return rows }
    let found = try file.rows(of: log, from: index, count: count)
    guard !found.isEmpty else { throw file.malformed() }
    return found
  }

  /// Reads an entry and checks that it is the one that was logged.
  func entry(
    _ row: EntryRow, _ position: EntryPosition, leaf: Hash, in segment: SegmentFile
  ) throws(LogStoreError) -> StoredEntry {
    let bytes = try segment.read(Int(row.length), at: UInt64(row.offset))
    let entry: StoredEntry? = bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      guard case .entry(let item) = reader.item(), reader.isAtEnd, item.log == position.log,
        item.index == position.index, item.time == row.time, item.kind == row.kind,
        item.leaf == leaf
      else { return nil }
      return StoredEntry(item, leaf: leaf)
    }
    guard let entry else {
      let name = state.withLock { $0.logs[Int(position.log)].name }
      throw .damaged(
        LogStoreFault(
          file: segment.path, segment: segment.number, offset: UInt64(row.offset),
          entry: EntryAddress(log: name, index: position.index),
          reason: "the entry is not the one that was logged"))
    }
    return entry
  }

  /// The leaves of a log in an index range that it has entries for.
  func leaves(of log: UInt32, from index: UInt64, count: Int) throws(LogStoreError) -> [Hash] {
    var leaves: [Hash] = []
    leaves.reserveCapacity(count)
    while leaves.count < count {
      let next = index + UInt64(leaves.count)
      let rest = count - leaves.count
      let file: IndexFile? = state.withLock { state in
        let span = state.logs[Int(log)].spans[state.logs[Int(log)].firstSpan(behind: next)]
        if let index = state.segments[Int(span.segment)].index { return index }
        let table = state.segments[Int(span.segment)].table
        for row in table?.rows(of: log, from: next, count: rest) ?? [] {
          if let leaf = table?.leaves[Int(row)] { leaves.append(leaf) }
        }
        return nil
      }
      guard let file else { continue }
      let found = try file.leaves(of: log, from: next, count: rest)
      if found.isEmpty { throw file.malformed() }
      leaves += found
    }
    return leaves
  }
}
