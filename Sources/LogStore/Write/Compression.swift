internal import Synchronization

extension LogStore {
  /// Compresses segments that are full and whose entries are all older than a time; the newest full
  /// one never. Entries, proofs and checks read them as before; indexes stay as they are. Blocks on
  /// the disk; writes go on beside it.
  ///
  /// A crash leaves each segment as it was or compressed.
  /// - Parameter time: in nanoseconds since 1970.
  /// - Returns: the number of segments that were compressed.
  /// - Throws: `damaged` where a compressed segment would not be what the plain one was.
  @discardableResult
  public func compressSegments(before time: Int64) throws(LogStoreError) -> Int {
    try upkeep.withLock { _ throws(LogStoreError) in
      let cold = shared.state.withLock { state in
        state.segments.dropLast().filter { segment in
          guard let index = segment.index, !segment.file.isCompressed else { return false }
          return index.spans.allSatisfy { $0.latest < time }
        }.map(\.file)
      }
      for file in cold { try shared.compress(file) }
      return cold.count
    }
  }

  /// How many segments there are, how many of them have their index, and how many are compressed.
  public var segmentCounts: (all: Int, indexed: Int, compressed: Int) {
    shared.state.withLock { state in
      (
        state.segments.count, state.segments.count { $0.index != nil },
        state.segments.count { $0.file.isCompressed }
      )
    }
  }
}

extension StoreShared {
  fileprivate func compress(_ old: SegmentFile) throws(LogStoreError) {
    let bytes = try old.readAll().bytes
    let image = CompressedSegment.image(of: old.number, bytes)
    // The plain bytes are about to go for good.
    guard try CompressedSegment.plain(image, of: old.number) == bytes else {
      throw .damaged(
        LogStoreFault(
          file: old.path, segment: old.number,
          reason: "the segment is not the same after compressing it"))
    }
    let file = try replaceSegment(old, with: image)
    state.withLock { $0.segments[Int(old.number)].file = file }
  }
}
