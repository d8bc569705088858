internal import Synchronization

/// A place in the order in which all logs' entries were written, for reading on from there.
public struct StoreCursor: Sendable {
  /// Entries of all logs before it.
  public private(set) var sequence: UInt64
  /// Where the next batch begins, as far as that is known.
  private var place: Place?

  fileprivate struct Place: Sendable {
    var segment: Int
    let file: SegmentFile
    var offset: UInt64
  }

  public init(after sequence: UInt64) { self.sequence = sequence }
}

/// An entry with its place among all.
public struct SequencedEntry: Sendable, Hashable {
  /// Dense over all logs, from 0.
  public let sequence: UInt64
  public let log: String
  public let entry: StoredEntry
}

extension LogStore {
  /// The entries of all logs behind a cursor, in the order in which they were written, and the
  /// cursor behind them. Blocks on the disk.
  ///
  /// - Parameter maximumBytes: of the bodies together; the first entry is given whatever its size.
  /// - Throws: `damaged` where the files are not what was written.
  public func entries(
    after cursor: inout StoreCursor, limit: Int, maximumBytes: Int = .max
  ) throws(LogStoreError) -> [SequencedEntry] {
    try cursor.read(shared, limit: limit, maximumBytes: maximumBytes)
  }
}

extension StoreCursor {
  fileprivate mutating func read(
    _ shared: StoreShared, limit: Int, maximumBytes: Int
  ) throws(LogStoreError) -> [SequencedEntry] {
    // Nothing behind this is durable for certain.
    let end = shared.state.withLock { $0.end.sequence }
    var page = SequencedPage(limit: limit, maximumBytes: maximumBytes)
    while sequence < end, !page.isFull {
      var place: Place
      if let known = self.place { place = known } else { place = try find(shared) }
      if let header = try shared.batchHeader(at: place.offset, in: place.file) {
        let next = place.offset + UInt64(BatchHeader.byteCount) + UInt64(header.payloadLength)
        let last = header.sequence + UInt64(header.entryCount)
        if sequence < last {
          try shared.add(header, at: place.offset, in: place.file, from: sequence, to: &page)
          sequence += UInt64(page.takenOfBatch)
        }
        if sequence >= last { place.offset = next }
      } else {
        place = try shared.segmentStart(place.segment + 1)
      }
      self.place = place
    }
    return page.entries
  }

  /// The segment that holds the next entry.
  private func find(_ shared: StoreShared) throws(LogStoreError) -> Place {
    var low = 0
    var high = shared.state.withLock { $0.segments.count }
    while high - low > 1 {
      let middle = (low + high) / 2
      if try shared.firstSequence(of: middle) <= sequence { low = middle } else { high = middle }
    }
    return try shared.segmentStart(low)
  }
}

/// What is read as it fills.
private struct SequencedPage {
  let limit: Int
  let maximumBytes: Int
  var entries: [SequencedEntry] = []
  /// Entries of the batch that was read last.
  var takenOfBatch = 0
  private var bytes = 0
  private(set) var isFull = false

  init(limit: Int, maximumBytes: Int) {
    self.limit = limit
    self.maximumBytes = maximumBytes
    isFull = limit < 1
  }

  /// - Returns: false when nothing more fits.
  mutating func add(_ entry: SequencedEntry) -> Bool {
    let (total, overflow) = bytes.addingReportingOverflow(entry.entry.body?.count ?? 0)
    if !entries.isEmpty && (overflow || total > maximumBytes) {
      isFull = true
      return false
    }
    bytes = total
    entries.append(entry)
    takenOfBatch += 1
    isFull = entries.count >= limit
    return !isFull
  }
}

extension StoreShared {
  fileprivate func segmentStart(_ number: Int) throws(LogStoreError) -> StoreCursor.Place {
    let file = state.withLock { number < $0.segments.count ? $0.segments[number].file : nil }
    guard let file else { throw .invalid("the store ends before its last entry") }
    return StoreCursor.Place(
      segment: number, file: file, offset: UInt64(SegmentHeader.byteCount))
  }

  fileprivate func firstSequence(of number: Int) throws(LogStoreError) -> UInt64 {
    let file = state.withLock { $0.segments[number].file }
    let header = try file.read(SegmentHeader.byteCount, at: 0)
      .withUnsafeBytes { SegmentHeader($0) }
    guard let header else {
      throw damaged(file, 0, "the segment's header was changed")
    }
    return header.sequence
  }

  /// Nil where no batch begins: at a seal.
  fileprivate func batchHeader(
    at offset: UInt64, in file: SegmentFile
  ) throws(LogStoreError) -> BatchHeader? {
    let bytes = try file.read(SegmentSeal.byteCount, at: offset)
    if let header = bytes.withUnsafeBytes({ BatchHeader.read($0)?.header }) { return header }
    guard bytes.withUnsafeBytes({ SegmentSeal($0) }) != nil else {
      throw damaged(file, offset, "no whole batch begins here")
    }
    return nil
  }

  /// Adds the entries of a batch from a sequence on.
  fileprivate func add(
    _ header: BatchHeader, at offset: UInt64, in file: SegmentFile, from sequence: UInt64,
    to page: inout SequencedPage
  ) throws(LogStoreError) {
    let start = offset + UInt64(BatchHeader.byteCount)
    let payload = try file.read(Int(header.payloadLength), at: start)
    guard payload.count == Int(header.payloadLength),
      Checksum.of(payload[...]) == header.payloadChecksum
    else { throw damaged(file, offset, "bytes of the batch were changed") }
    page.takenOfBatch = 0
    let isWhole = payload.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      var next = header.sequence
      while !reader.isAtEnd {
        guard let item = reader.item() else { return false }
        guard case .entry(let entry) = item else { continue }
        defer { next += 1 }
        if next < sequence { continue }
        let log = state.withLock { $0.logs[Int(entry.log)].name }
        let found = SequencedEntry(
          sequence: next, log: log, entry: StoredEntry(entry, leaf: entry.leaf))
        if !page.add(found) { return true }
      }
      return true
    }
    guard isWhole else { throw damaged(file, offset, "an item of the batch is malformed") }
  }

  private func damaged(
    _ file: SegmentFile, _ offset: UInt64, _ reason: String
  ) -> LogStoreError {
    .damaged(LogStoreFault(file: file.path, segment: file.number, offset: offset, reason: reason))
  }
}
