/// What a compressed segment begins with: how the bytes that the segment had are cut into blocks.
struct CompressedHeader: Equatable {
  var segment: UInt32
  /// The segment's bytes in each block but the last.
  var blockBytes: UInt32
  /// Of the segment, before.
  var length: UInt64
  /// Where the table of blocks begins, with which the file ends.
  var table: UInt64
  var blockCount: UInt32
  var tableChecksum: UInt32

  static let byteCount = 64
  /// Of a block in the table: its length and its CRC-32C.
  static let rowBytes = 8
  private static let magic: UInt64 = 0x0A31_5049_5A58_424C  // "LBXZIP1\n"

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(Self.byteCount)
    writer.integer(Self.magic)
    writer.integer(segment)
    writer.integer(blockBytes)
    writer.integer(length)
    writer.integer(table)
    writer.integer(blockCount)
    writer.integer(tableChecksum)
    writer.zeros(Self.byteCount - 4 - writer.bytes.count)
    writer.checksum()
    return writer.bytes
  }

  /// Whether a file's first bytes are those of a compressed segment, damaged or not.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return reader.integer(UInt64.self) == magic
    }
  }

  /// Nil for a damaged one.
  init?(_ bytes: [UInt8]) {
    let header: CompressedHeader? = bytes.withUnsafeBytes { bytes in
      guard var rest = ByteReader(checking: bytes, Self.byteCount, magic: Self.magic),
        let segment = rest.integer(UInt32.self), let blockBytes = rest.integer(UInt32.self),
        let length = rest.integer(UInt64.self), let table = rest.integer(UInt64.self),
        let count = rest.integer(UInt32.self), let checksum = rest.integer(UInt32.self),
        blockBytes > 0, length <= 1 << 33,
        UInt64(count) == (length + UInt64(blockBytes) - 1) / UInt64(blockBytes)
      else { return nil }
      return CompressedHeader(
        segment: segment, blockBytes: blockBytes, length: length, table: table, blockCount: count,
        tableChecksum: checksum)
    }
    guard let header else { return nil }
    self = header
  }

  init(
    segment: UInt32, blockBytes: UInt32, length: UInt64, table: UInt64, blockCount: UInt32,
    tableChecksum: UInt32
  ) {
    self.segment = segment
    self.blockBytes = blockBytes
    self.length = length
    self.table = table
    self.blockCount = blockCount
    self.tableChecksum = tableChecksum
  }
}
