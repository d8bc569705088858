public import MerkleLog
internal import Synchronization

/// One log as it was durable at one moment; stays as it is while the store goes on.
public struct LogSnapshot: Sendable {
  public let name: String
  /// The right edge, and with it size and root.
  public let tree: CompactTree
  /// Nil for a log without entries.
  let number: UInt32?
  private let newest: CheckpointPlace?
  let shared: StoreShared

  init(_ shared: StoreShared, _ name: String) {
    self.shared = shared
    self.name = name
    (number, tree, newest) = shared.state.withLock { state in
      guard let number = state.numbers[name] else { return (nil, CompactTree(), nil) }
      let log = state.logs[Int(number)]
      return (number, log.tree, log.newestCheckpoint)
    }
  }

  public var size: UInt64 { tree.size }

  /// The size of the newest checkpoint; 0 for none.
  public var signedSize: UInt64 { newest?.row.size ?? 0 }

  /// The newest checkpoint.
  public func checkpoint() throws(LogStoreError) -> KeptCheckpoint? {
    guard let newest else { return nil }
    let file = shared.state.withLock { $0.segments[Int(newest.segment)].file }
    do throws(LogStoreError) {
      return try read(newest.row, in: file)
    } catch {
      // A retention since this snapshot has moved it.
      guard let moved = try checkpoints(from: newest.row.size, limit: 1).first,
        moved.size == newest.row.size
      else { throw error }
      return moved
    }
  }

  /// Every checkpoint that was ever kept of at least a size, in the order of the sizes.
  public func checkpoints(from size: UInt64 = 0, limit: Int) throws(LogStoreError)
    -> [KeptCheckpoint]
  {
    guard let number else { return [] }
    // Not the tables themselves: the writer would have to copy what somebody else holds.
    let segments = shared.state.withLock { state in
      state.segments.map { ($0.file, $0.index, $0.table?.checkpoints.filter { $0.log == number }) }
    }
    var found: [KeptCheckpoint] = []
    for (file, index, rows) in segments {
      for row in try index?.checkpoints() ?? rows ?? [] where row.log == number && row.size >= size
      {
        found.append(try read(row, in: file))
        if found.count == limit { return found }
      }
    }
    return found
  }

  private func read(
    _ row: CheckpointRow, in segment: SegmentFile
  ) throws(LogStoreError) -> KeptCheckpoint {
    let bytes = try segment.read(Int(row.length), at: UInt64(row.offset))
    let note: String? = bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      guard case .checkpoint(let log, let size, let note) = reader.item(), reader.isAtEnd,
        log == row.log, size == row.size
      else { return nil }
      return note
    }
    guard let note else {
      throw .damaged(
        LogStoreFault(
          file: segment.path, segment: segment.number, offset: UInt64(row.offset),
          reason: "the checkpoint of size \(row.size) of the log \"\(name)\" was changed"))
    }
    return KeptCheckpoint(log: name, size: row.size, note: note)
  }

  // MARK: - Hashes

  /// The hash of a complete subtree within the log: what proofs are made of.
  ///
  /// - Precondition: the subtree lies within `size`.
  public func hash(of node: TreeNode) throws(LogStoreError) -> Hash {
    guard let number, node.index < size >> UInt64(node.level) else {
      preconditionFailure("a hash beyond the log's end")
    }
    guard node.level < LogState.lowestLevel else {
      return shared.state.withLock { state in
        state.logs[Int(number)].nodes[node.level - LogState.lowestLevel][Int(node.index)]
      }
    }
    let tile = node.index >> UInt64(8 - node.level)
    if (tile + 1) << 8 <= size {
      return try shared.tile(TileKey(log: number, index: tile))[node]
    }
    // Of the right edge, which still grows.
    let first = node.index << UInt64(node.level)
    return TileNodes.root(
      try shared.leaves(of: number, from: first, count: 1 << node.level))
  }

  /// Elements of tiles of one level (C2SP tlog-tiles): those of level 0 are leaves, those of level
  /// k the hashes of 256 ^ k leaves.
  ///
  /// - Precondition: the elements lie within `size`.
  public func hashes(level: Int, from first: UInt64, count: Int) throws(LogStoreError) -> [Hash] {
    guard let number, first + UInt64(count) <= size >> UInt64(8 * level) else {
      preconditionFailure("hashes beyond the log's end")
    }
    guard level > 0 else { return try shared.leaves(of: number, from: first, count: count) }
    return shared.state.withLock { state in
      let nodes = state.logs[Int(number)].nodes[8 * level - LogState.lowestLevel]
      return Array(nodes[Int(first)..<(Int(first) + count)])
    }
  }
}
