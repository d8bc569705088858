internal import Synchronization

/// What the writer, the indexer and all readers share.
final class StoreShared: Sendable {
  let files: any FileSystem
  let paths: StorePaths
  /// Held for short steps only: never while anybody reads or writes a file.
  let state: Mutex<StoreState>
  /// Indexes that could not be written since the start.
  let failedIndexes = Atomic(0)
  /// 1 MiB: a proof asks eight times for hashes of one tile, and many are of the newest.
  let tiles = RecentValues<TileKey, TileNodes>(64)
  let blocks: BlockCache

  init(files: any FileSystem, paths: StorePaths, blocks: BlockCache, _ state: StoreState) {
    self.files = files
    self.paths = paths
    self.blocks = blocks
    self.state = Mutex(state)
  }

  func write(_ head: Head, to file: any OpenFile) throws(LogStoreError) {
    var fault: SystemFault?
    head.bytes.withUnsafeBytes { bytes in
      do throws(SystemFault) {
        try file.writeAll(bytes, at: 0, path: paths.head)
      } catch {
        fault = error
      }
    }
    if let fault { throw .system(fault) }
  }

  /// Makes a sealed segment's index and lets the table in memory go.
  func makeIndex(of segment: UInt32) throws(LogStoreError) {
    let number = Int(segment)
    let sealed = state.withLock { state in
      state.segments[number].table.map { ($0, state.segments[number].file) }
    }
    guard let (table, file) = sealed else { return }
    let size = try file.size()
    let end = try file.read(SegmentSeal.byteCount, at: size - UInt64(SegmentSeal.byteCount))
    guard let seal = end.withUnsafeBytes({ SegmentSeal($0) }) else { return }
    let image = IndexImage.make(
      segment: segment, segmentLength: size, chain: seal.chain, table: table)
    let open: any OpenFile
    do throws(SystemFault) {
      try replaceFile(paths.index(segment), with: image)
      open = try files.open(paths.index(segment), creates: false, isReadOnly: true)
    } catch {
      throw .system(error)
    }
    let index = try IndexFile(open, path: paths.short(paths.index(segment)))
    // Given out of the lock before it is let go: it is large.
    let old = state.withLock { state in
      state.segments[number].index = index
      let old = state.segments[number].table
      state.segments[number].table = nil
      return old
    }
    _ = consume old
  }

  /// Puts a whole new file in the place of another; a crash leaves either.
  func replaceFile(_ path: String, with bytes: [UInt8]) throws(SystemFault) {
    let new = path + ".new"
    let file = try files.open(new, creates: true, isReadOnly: false)
    try file.truncate(to: 0)
    var fault: SystemFault?
    bytes.withUnsafeBytes { bytes in
      do throws(SystemFault) {
        try file.writeAll(bytes, at: 0, path: new)
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    try file.syncData()
    try files.rename(new, to: path)
  }
}
