internal import MerkleLog

/// A sealed segment without some of its bodies: the same batches and entries, other checksums.
struct SegmentRewrite {
  private let log: UInt32
  private let limit: UInt64
  private var writer = ByteWriter()
  private(set) var dropped = 0
  private(set) var checkpoints: [CheckpointRow] = []
  private var rows: [EntryPosition: EntryRow] = [:]
  private var chain: UInt32 = 0

  init(log: UInt32, below limit: UInt64) {
    self.log = log
    self.limit = limit
  }

  var bytes: [UInt8] { writer.bytes }

  /// - Parameter leaves: of the log, as the index knows them.
  /// - Returns: why the segment cannot be rewritten.
  mutating func run(_ old: [UInt8], leaves: [Hash], first: UInt64) -> String? {
    writer.bytes.reserveCapacity(old.count)
    return old.withUnsafeBytes { old in
      guard let header = SegmentHeader(old) else { return "the segment's header was changed" }
      header.write(to: &writer)
      chain = header.chain
      let begin = StoreEnd(batch: header.batch, sequence: header.sequence, chain: header.chain)
      var scanner = SegmentScanner(old, from: begin)
      while true {
        switch scanner.next() {
        case .batch(let header, let payload):
          if let problem = copy(header, old, payload, leaves, first) { return problem }
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
    _ header: BatchHeader, _ old: UnsafeRawBufferPointer, _ payload: Range<Int>, _ leaves: [Hash],
    _ first: UInt64
  ) -> String? {
    let start = writer.bytes.count
    writer.zeros(BatchHeader.byteCount)
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: old[..<payload.upperBound]), at: payload.lowerBound)
    while !reader.isAtEnd {
      guard let item = reader.item() else { return "an item of the batch is malformed" }
      let offset = writer.bytes.count
      switch item {
      case .entry(var entry):
        if entry.log == log && entry.index < limit && !entry.isDropped {
          let leaf = entry.leaf
          guard leaf == leaves[Int(entry.index - first)] else {
            return "entry \(entry.index) of the log is not the one that was logged"
          }
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

  /// The index of the rewritten segment: the old one with other places.
  func index(from old: IndexFile) throws(LogStoreError) -> [UInt8] {
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
