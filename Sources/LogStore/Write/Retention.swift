internal import MerkleLog
internal import Synchronization

extension LogStore {
  /// Drops the bodies of a log's entries below an index and keeps the hashes of their leaves: every
  /// proof and checkpoint stays as it was. Of segments that are full only; call it again later for
  /// the rest. Blocks on the disk; writes go on beside it.
  ///
  /// A crash leaves each segment as it was or as it is to be.
  /// - Returns: the number of bodies that were dropped.
  /// - Throws: `damaged` where a body is not the one that was logged: nothing is made to fit.
  @discardableResult
  public func dropBodies(of log: String, below index: UInt64) throws(LogStoreError) -> Int {
    try retention.withLock { _ throws(LogStoreError) in
      let (number, spans) = shared.state.withLock { state -> (UInt32?, [Span]) in
        guard let number = state.numbers[log] else { return (nil, []) }
        return (number, state.logs[Int(number)].spans)
      }
      guard let number else { return 0 }
      var dropped = 0
      for span in spans where span.first < index {
        dropped += try shared.dropBodies(of: number, below: index, in: Int(span.segment))
      }
      return dropped
    }
  }
}

extension StoreShared {
  fileprivate func dropBodies(
    of log: UInt32, below index: UInt64, in number: Int
  ) throws(LogStoreError) -> Int {
    let (old, found) = state.withLock { ($0.segments[number].file, $0.segments[number].index) }
    guard let found else { return 0 }
    var rewrite = SegmentRewrite(log: log, below: index)
    let bytes: [UInt8]
    do throws(SystemFault) {
      bytes = try old.file.read(Int(old.file.size()), at: 0)
    } catch {
      throw .system(error)
    }
    let expected = try found.leaves(of: log, from: found.span(of: log)?.first ?? 0, count: .max)
    if let problem = rewrite.run(bytes, leaves: expected, first: found.span(of: log)?.first ?? 0) {
      throw .damaged(
        LogStoreFault(file: old.path, segment: old.number, offset: nil, reason: problem))
    }
    guard rewrite.dropped > 0 else { return 0 }
    let image = try rewrite.index(from: found)
    let path = paths.segment(old.number)
    let file: SegmentFile
    let open: any OpenFile
    do throws(SystemFault) {
      try replaceFile(path, with: rewrite.bytes)
      try files.syncDirectory(paths.segments)
      try replaceFile(paths.index(old.number), with: image)
      file = SegmentFile(
        number: old.number, path: old.path,
        file: try files.open(path, creates: false, isReadOnly: false))
      open = try files.open(paths.index(old.number), creates: false, isReadOnly: true)
    } catch {
      throw .system(error)
    }
    let index = try IndexFile(open, path: paths.short(paths.index(old.number)))
    state.withLock { state in
      state.segments[number] = SegmentState(file: file, table: nil, index: index, isSealed: true)
      for log in state.logs.indices {
        if let place = state.logs[log].newestCheckpoint, place.segment == old.number,
          let row = rewrite.checkpoints.first(where: { $0.log == log && $0.size == place.row.size })
        {
          state.logs[log].newestCheckpoint?.row = row
        }
      }
    }
    return rewrite.dropped
  }
}
