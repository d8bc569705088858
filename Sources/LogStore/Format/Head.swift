/// How far the store has acknowledged, in a file of its own that is written after each sync and
/// synced by nobody: whatever is missing before it was taken away, not torn by a crash.
struct Head: Equatable {
  var store: Key128
  var segment: UInt32
  /// Where the last batch ends.
  var offset: UInt64
  var nextBatch: UInt64
  var nextSequence: UInt64
  var chain: UInt32

  /// Within one sector, which disks write whole.
  static let byteCount = 64
  private static let magic: UInt64 = 0x0A31_4441_4548_424C  // "LBHEAD1\n"

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(Self.byteCount)
    writer.integer(Self.magic)
    writer.key(store)
    writer.integer(segment)
    writer.integer(chain)
    writer.integer(offset)
    writer.integer(nextBatch)
    writer.integer(nextSequence)
    writer.zeros(Self.byteCount - 4 - writer.bytes.count)
    writer.checksum()
    return writer.bytes
  }

  /// Nil for a damaged one.
  init?(_ bytes: [UInt8]) {
    let head: Head? = bytes.withUnsafeBytes { bytes in
      guard bytes.count == Self.byteCount,
        var rest = ByteReader(checking: bytes, Self.byteCount, magic: Self.magic),
        let store = rest.key(), let segment = rest.integer(UInt32.self),
        let chain = rest.integer(UInt32.self), let offset = rest.integer(UInt64.self),
        let batch = rest.integer(UInt64.self), let sequence = rest.integer(UInt64.self)
      else { return nil }
      return Head(
        store: store, segment: segment, offset: offset, nextBatch: batch, nextSequence: sequence,
        chain: chain)
    }
    guard let head else { return nil }
    self = head
  }

  init(
    store: Key128, segment: UInt32, offset: UInt64, nextBatch: UInt64, nextSequence: UInt64,
    chain: UInt32
  ) {
    self.store = store
    self.segment = segment
    self.offset = offset
    self.nextBatch = nextBatch
    self.nextSequence = nextSequence
    self.chain = chain
  }
}
