/// What a full segment ends with: nothing is appended to it any more.
struct SegmentSeal: Equatable {
  var segment: UInt32
  /// Where the seal itself begins.
  var offset: UInt64
  /// The number of the first batch after it.
  var nextBatch: UInt64
  /// The sequence of the first entry after it.
  var nextSequence: UInt64
  /// The checksum that its last batch ends with.
  var chain: UInt32
  /// The checksum that the next segment goes on from: another one than `chain` after bodies were
  /// dropped, which changes this segment's checksums but must not change the next one's.
  var nextChain: UInt32

  static let byteCount = 64
  static let magic: UInt64 = 0x0A44_454C_4145_5358  // "XSEALED\n"

  func write(to writer: inout ByteWriter) {
    let start = writer.bytes.count
    writer.integer(Self.magic)
    writer.integer(segment)
    writer.integer(chain)
    writer.integer(nextChain)
    writer.zeros(4)
    writer.integer(offset)
    writer.integer(nextBatch)
    writer.integer(nextSequence)
    writer.zeros(start + Self.byteCount - 4 - writer.bytes.count)
    writer.checksum(from: start)
  }

  /// Nil for what is no seal, or a damaged one.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard var rest = ByteReader(checking: bytes, Self.byteCount, magic: Self.magic) else {
      return nil
    }
    guard let segment = rest.integer(UInt32.self), let chain = rest.integer(UInt32.self),
      let nextChain = rest.integer(UInt32.self), rest.skip(4),
      let offset = rest.integer(UInt64.self), let nextBatch = rest.integer(UInt64.self),
      let nextSequence = rest.integer(UInt64.self)
    else { return nil }
    self.init(
      segment: segment, offset: offset, nextBatch: nextBatch, nextSequence: nextSequence,
      chain: chain, nextChain: nextChain)
  }

  init(
    segment: UInt32, offset: UInt64, nextBatch: UInt64, nextSequence: UInt64, chain: UInt32,
    nextChain: UInt32
  ) {
    self.segment = segment
    self.offset = offset
    self.nextBatch = nextBatch
    self.nextSequence = nextSequence
    self.chain = chain
    self.nextChain = nextChain
  }
}
