/// What a segment file begins with: which store's it is, and what comes before it.
struct SegmentHeader: Equatable {
  var store: Key128
  var segment: UInt32
  /// The number of its first batch.
  var batch: UInt64
  /// The sequence of its first entry.
  var sequence: UInt64
  /// The checksum that the batch before it ended with.
  var chain: UInt32

  static let byteCount = 64
  private static let magic: UInt64 = 0x0A31_474F_4C58_424C  // "LBXLOG1\n"

  func write(to writer: inout ByteWriter) {
    let start = writer.bytes.count
    writer.integer(Self.magic)
    writer.key(store)
    writer.integer(segment)
    writer.integer(chain)
    writer.integer(batch)
    writer.integer(sequence)
    writer.zeros(start + Self.byteCount - 4 - writer.bytes.count)
    writer.checksum(from: start)
  }

  /// Nil for what is no header, or a damaged one.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let reader = ByteReader(checking: bytes, Self.byteCount, magic: Self.magic) else {
      return nil
    }
    var rest = reader
    guard let store = rest.key(), let segment = rest.integer(UInt32.self),
      let chain = rest.integer(UInt32.self), let batch = rest.integer(UInt64.self),
      let sequence = rest.integer(UInt64.self)
    else { return nil }
    self.init(store: store, segment: segment, batch: batch, sequence: sequence, chain: chain)
  }

  init(store: Key128, segment: UInt32, batch: UInt64, sequence: UInt64, chain: UInt32) {
    self.store = store
    self.segment = segment
    self.batch = batch
    self.sequence = sequence
    self.chain = chain
  }
}

extension ByteReader {
  /// A reader behind the magic number of a fixed record; nil unless that and the checksum in the
  /// record's last four bytes are right.
  init?(checking bytes: UnsafeRawBufferPointer, _ count: Int, magic: UInt64) {
    guard bytes.count >= count else { return nil }
    let record = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    var end = ByteReader(record, at: count - 4)
    self.init(record)
    guard
      end.integer(UInt32.self) == Checksum.of(UnsafeRawBufferPointer(rebasing: record.dropLast(4))),
      integer(UInt64.self) == magic
    else { return nil }
  }
}
