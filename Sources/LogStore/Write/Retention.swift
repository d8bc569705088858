internal import Synchronization

extension LogStore {
  /// Drops the bodies of entries below an index of each log and keeps the hashes of their leaves:
  /// every proof and checkpoint stays as it was. Of segments that are full only, each written anew
  /// once for all logs; call it again later for the rest. Blocks on the disk; writes go on beside it.
  ///
  /// A crash leaves each segment as it was or as it is to be.
  /// - Parameters:
  ///   - limits: by the log's name.
  ///   - kinds: entries whose bodies stay all the same.
  /// - Returns: the number of bodies that were dropped.
  /// - Throws: `damaged` where a body is not the one that was logged: nothing is made to fit.
  @discardableResult
  public func dropBodies(
    below limits: [String: UInt64], keeping kinds: Set<UInt16> = []
  ) throws(LogStoreError) -> Int {
    try upkeep.withLock { _ throws(LogStoreError) in
      let segments = shared.state.withLock { state in
        var segments: [Int: [UInt32: UInt64]] = [:]
        for (name, limit) in limits {
          guard let number = state.numbers[name] else { continue }
          for span in state.logs[Int(number)].spans where span.first < limit {
            segments[Int(span.segment), default: [:]][number] = limit
          }
        }
        return segments
      }
      var dropped = 0
      for (segment, limits) in segments.sorted(by: { $0.key < $1.key }) {
        dropped += try shared.dropBodies(below: limits, keeping: kinds, in: segment)
      }
      return dropped
    }
  }

  /// The index below which every entry of a log stands in a full segment and is older than a time
  /// (nanoseconds since 1970): what `dropBodies` can be given whole.
  public func droppable(of log: String, before time: Int64) -> UInt64 {
    shared.state.withLock { state in
      guard let number = state.numbers[log] else { return 0 }
      let spans = state.logs[Int(number)].spans.prefix { span in
        span.latest < time && state.segments[Int(span.segment)].index != nil
      }
      return spans.last?.end ?? 0
    }
  }
}

extension StoreShared {
  fileprivate func dropBodies(
    below limits: [UInt32: UInt64], keeping kinds: Set<UInt16>, in number: Int
  ) throws(LogStoreError) -> Int {
    let (old, found) = state.withLock { ($0.segments[number].file, $0.segments[number].index) }
    guard let found else { return 0 }
    var rewrite = SegmentRewrite(of: found, below: limits, keeping: kinds)
    guard try rewrite.isNeeded else { return 0 }
    let (bytes, changed) = try old.readAll()
    if let changed { throw .damaged(changed) }
    if let problem = try rewrite.run(bytes) {
      throw .damaged(
        LogStoreFault(file: old.path, segment: old.number, offset: nil, reason: problem))
    }
    let content =
      old.isCompressed ? CompressedSegment.image(of: old.number, rewrite.bytes) : rewrite.bytes
    let image = try rewrite.index()
    let open: any OpenFile
    let file = try replaceSegment(old, with: content)
    do throws(SystemFault) {
      try replaceFile(paths.index(old.number), with: image)
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

  /// Puts another file in a sealed segment's place, durably; a crash leaves either.
  func replaceSegment(
    _ old: SegmentFile, with bytes: [UInt8]
  ) throws(LogStoreError) -> SegmentFile {
    let path = paths.segment(old.number)
    let file: any OpenFile
    do throws(SystemFault) {
      try replaceFile(path, with: bytes)
      try files.syncDirectory(paths.segments)
      file = try files.open(path, creates: false, isReadOnly: true)
    } catch {
      throw .system(error)
    }
    return try SegmentFile(opening: file, number: old.number, path: old.path, cache: blocks)
  }
}
