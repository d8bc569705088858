/// Goes through a segment batch by batch and checks each against what came before it.
struct SegmentScanner {
  enum Step {
    /// The payload's place in the segment.
    case batch(BatchHeader, payload: Range<Int>)
    case seal(SegmentSeal)
    /// Nothing comes any more but zeros, if anything.
    case end
    /// What stands here is no next batch; its header, where that could be read.
    case broken(String, BatchHeader?)
  }

  private let bytes: UnsafeRawBufferPointer
  /// Where the next step looks: behind the last whole batch.
  private(set) var offset: Int
  /// What comes next.
  private(set) var end: StoreEnd

  /// - Parameters:
  ///   - bytes: the whole segment; must outlive the scanner.
  ///   - end: what the segment begins with, as its header says.
  init(_ bytes: UnsafeRawBufferPointer, from end: StoreEnd) {
    self.bytes = bytes
    self.end = end
    offset = SegmentHeader.byteCount
  }

  mutating func next() -> Step {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
    if rest.allAreZero { return .end }
    if let found = BatchHeader.read(rest) { return batch(found.header, found.checksum, rest) }
    if let seal = SegmentSeal(rest) {
      let fits =
        seal.offset == UInt64(offset) && seal.nextBatch == end.batch
        && seal.nextSequence == end.sequence && seal.chain == end.chain
        && rest.count == SegmentSeal.byteCount
      return fits ? .seal(seal) : .broken("the seal is another one's", nil)
    }
    return .broken("no whole batch begins here", nil)
  }

  private mutating func batch(
    _ header: BatchHeader, _ checksum: UInt32, _ rest: UnsafeRawBufferPointer
  ) -> Step {
    guard header.batch == end.batch, header.sequence == end.sequence, header.chain == end.chain
    else { return .broken("batch \(header.batch) is not the one that comes next", header) }
    let start = BatchHeader.byteCount
    let length = Int(header.payloadLength)
    guard rest.count >= start + length else { return .broken("the batch is cut", header) }
    let payload = UnsafeRawBufferPointer(rebasing: rest[start..<(start + length)])
    guard Checksum.of(payload) == header.payloadChecksum else {
      return .broken("bytes of the batch were changed", header)
    }
    let first = offset + start
    offset = first + length
    end = StoreEnd(
      batch: header.batch + 1, sequence: header.sequence + UInt64(header.entryCount),
      chain: checksum)
    return .batch(header, payload: first..<(first + length))
  }

  /// Whether a batch that was written after this place stands behind it: then what stands here is
  /// not the torn end of the last write.
  func isFollowed() -> Bool {
    // Bodies may hold what looks like a header; they cannot foretell the checksum of the batch that
    // they are in, which the next one's header repeats.
    let torn = BatchHeader.read(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    let first = UInt8(truncatingIfNeeded: BatchHeader.magic)
    var place = offset + 1
    while place + BatchHeader.byteCount <= bytes.count {
      if bytes[place] == first,
        let later = BatchHeader.read(UnsafeRawBufferPointer(rebasing: bytes[place...])),
        later.header.batch == end.batch + 1, torn.map({ $0.checksum == later.header.chain }) ?? true
      {
        return true
      }
      place += 1
    }
    return false
  }
}

extension UnsafeRawBufferPointer {
  var allAreZero: Bool {
    var place = 0
    while place + 8 <= count {
      if loadUnaligned(fromByteOffset: place, as: UInt64.self) != 0 { return false }
      place += 8
    }
    return self[place...].allSatisfy { $0 == 0 }
  }
}

extension Stager {
  /// Puts a whole batch into its logs.
  /// - Returns: why it cannot stand there.
  mutating func stage(
    _ header: BatchHeader, _ payload: Range<Int>, of bytes: UnsafeRawBufferPointer, end: StoreEnd,
    into batch: inout StagedBatch
  ) -> String? {
    batch.end = end
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: bytes[..<payload.upperBound]), at: payload.lowerBound)
    while !reader.isAtEnd {
      let start = reader.offset
      guard let item = reader.item() else { return "an item of the batch is malformed" }
      if let problem = stage(item, offset: start, length: reader.offset - start, into: &batch) {
        return problem
      }
    }
    guard batch.entries.count == Int(header.entryCount) else {
      return "the batch holds \(batch.entries.count) entries instead of \(header.entryCount)"
    }
    finish(&batch)
    return nil
  }
}
