internal import MerkleLog

/// A sealed segment without some of its bodies: the same batches and entries, other checksums.
struct SegmentRewrite {
  /// The index in each log below which bodies go.
  private let limits: [UInt32: UInt64]
  private let kept: Set<UInt16>
  private let old: IndexFile
  private var writer = ByteWriter()
  private(set) var dropped = 0
  private(set) var checkpoints: [CheckpointRow] = []
  private var rows: [EntryPosition: EntryRow] = [:]
  private var chain: UInt32 = 0

  /// - Parameter kept: the kinds whose bodies stay.
  init(of old: IndexFile, below limits: [UInt32: UInt64], keeping kept: Set<UInt16>) {
    self.old = old
    self.limits = limits
    self.kept = kept
  }

  /// Whether there is anything to drop: looks at the index only.
  var isNeeded: Bool {
    get throws(LogStoreError) {
      for span in old.spans {
        guard let limit = limits[span.log], limit > span.first else { continue }
        let count = Int(min(span.end, limit) - span.first)
        let rows = try old.rows(of: span.log, from: span.first, count: count)
        if rows.contains(where: { !$0.isDropped && !kept.contains($0.kind) }) { return true }
      }
      return false
    }
  }

  var bytes: [UInt8] { writer.bytes }

  /// - Parameter bytes: the segment's.
  /// - Returns: why the segment cannot be rewritten.
  mutating func run(_ bytes: [UInt8]) throws(LogStoreError) -> String? {
    var leaves: [UInt32: [Hash]] = [:]
    for span in old.spans where limits[span.log] != nil {
      leaves[span.log] = try old.leaves(of: span.log, from: span.first, count: .max)
    }
    writer.bytes.reserveCapacity(bytes.count)
    return bytes.withUnsafeBytes { old in
      guard let header = SegmentHeader(old) else { return "the segment's header was changed" }
      header.write(to: &writer)
      chain = header.chain
      let begin = StoreEnd(batch: header.batch, sequence: header.sequence, chain: header.chain)
      var scanner = SegmentScanner(old, from: begin)
      while true {
        switch scanner.next() {
        case .batch(let header, let payload):
          if let problem = copy(header, old, payload, leaves) { return problem }
        case .seal(let seal):
          var seal = seal
          seal.offset = UInt64(writer.bytes.count)
          seal.chain = chain
          seal.write(to: &writer)
          return nil
        case .end: return "the segment is not sealed"
        case .broken(let reason, _): return reason
        }
      }
    }
  }

  private mutating func copy(
    _ header: BatchHeader, _ bytes: UnsafeRawBufferPointer, _ payload: Range<Int>,
    _ leaves: [UInt32: [Hash]]
  ) -> String? {
    let start = writer.bytes.count
    writer.zeros(BatchHeader.byteCount)
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: bytes[..<payload.upperBound]), at: payload.lowerBound)
    while !reader.isAtEnd {
      guard let item = reader.item() else { return "an item of the batch is malformed" }
      let offset = writer.bytes.count
      switch item {
      case .entry(var entry):
        if isToBeDropped(entry) {
          let leaf = entry.leaf
          let first = old.span(of: entry.log)?.first ?? 0
          guard entry.index >= first, let known = leaves[entry.log],
            entry.index - first < known.count, leaf == known[Int(entry.index - first)]
          else { return "entry \(entry.index) of the log is not the one that was logged" }
          entry.content = .dropped(leaf)
          dropped += 1
        }
        entry.write(to: &writer)
        rows[EntryPosition(log: entry.log, index: entry.index)] = EntryRow(
          offset: UInt32(offset), length: UInt32(writer.bytes.count - offset), time: entry.time,
          kind: entry.kind, isDropped: entry.isDropped)
      case .checkpoint(let log, let size, _):
        item.write(to: &writer)
        checkpoints.append(
          CheckpointRow(
            log: log, size: size, offset: UInt32(offset),
            length: UInt32(writer.bytes.count - offset)))
      case .log, .cursor: item.write(to: &writer)
      }
    }
    var changed = header
    changed.chain = chain
    changed.payloadLength = UInt32(writer.bytes.count - start - BatchHeader.byteCount)
    changed.payloadChecksum = Checksum.of(writer.bytes[(start + BatchHeader.byteCount)...])
    chain = changed.write(to: &writer.bytes, at: start)
    return nil
  }

  private func isToBeDropped(_ entry: EntryItem) -> Bool {
    guard let limit = limits[entry.log] else { return false }
    return entry.index < limit && !entry.isDropped && !kept.contains(entry.kind)
  }

  /// The index of the rewritten segment: the old one with other places.
  func index() throws(LogStoreError) -> [UInt8] {
    var image = ByteWriter()
    var lengths: [UInt64] = []
    for section in IndexTrailer.Section.allCases {
      let start = image.bytes.count
      switch section {
      case .rows:
        for span in old.spans {
          for index in span.first..<span.end {
            guard let row = rows[EntryPosition(log: span.log, index: index)] else {
              throw old.malformed()
            }
            row.write(to: &image)
          }
        }
      case .checkpoints: for row in checkpoints { row.write(to: &image) }
      default:
        let bytes = try old.readAll(section) { Array($0) }
        image.bytes.append(contentsOf: bytes)
      }
      lengths.append(UInt64(image.bytes.count - start))
    }
    var trailer = old.trailer
    trailer.segmentLength = UInt64(writer.bytes.count)
    trailer.chain = chain
    trailer.lengths = lengths
    IndexImage.finish(&image, trailer)
    return image.bytes
  }
}
