/// What an index file ends with: which segment it is of, and where its sections are.
struct IndexTrailer: Equatable {
  enum Section: Int, CaseIterable {
    case spans, rows, leaves, ids, requests, persons, nodes, edges, checkpoints, names, cursors
  }

  var segment: UInt32
  /// What the segment's seal says: an index of another state of the segment is of no use.
  var segmentLength: UInt64
  var chain: UInt32
  var entryCount: UInt32
  /// The ids' range; both zero without entries.
  var firstID: Key128
  var lastID: Key128
  /// Byte lengths, one behind the other from the file's beginning.
  var lengths: [UInt64]
  /// Of the table of page checksums.
  var tableChecksum: UInt32

  static let byteCount = 192
  private static let magic: UInt64 = 0x0A31_5844_4958_424C  // "LBXIDX1\n"

  var contentLength: UInt64 { lengths.reduce(0, +) }

  func offset(of section: Section) -> UInt64 { lengths[..<section.rawValue].reduce(0, +) }
  func length(of section: Section) -> UInt64 { lengths[section.rawValue] }

  func write(to writer: inout ByteWriter) {
    let start = writer.bytes.count
    writer.integer(Self.magic)
    writer.integer(segment)
    writer.integer(chain)
    writer.integer(segmentLength)
    writer.integer(entryCount)
    writer.integer(tableChecksum)
    writer.key(firstID)
    writer.key(lastID)
    for length in lengths { writer.integer(length) }
    writer.zeros(start + Self.byteCount - 4 - writer.bytes.count)
    writer.checksum(from: start)
  }

  /// Nil for what is no trailer, or a damaged one.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard var rest = ByteReader(checking: bytes, Self.byteCount, magic: Self.magic),
      let segment = rest.integer(UInt32.self), let chain = rest.integer(UInt32.self),
      let segmentLength = rest.integer(UInt64.self), let count = rest.integer(UInt32.self),
      let table = rest.integer(UInt32.self), let first = rest.key(), let last = rest.key()
    else { return nil }
    var lengths: [UInt64] = []
    for _ in Section.allCases {
      guard let length = rest.integer(UInt64.self), length <= 1 << 40 else { return nil }
      lengths.append(length)
    }
    self.init(
      segment: segment, segmentLength: segmentLength, chain: chain, entryCount: count,
      firstID: first, lastID: last, lengths: lengths, tableChecksum: table)
  }

  init(
    segment: UInt32, segmentLength: UInt64, chain: UInt32, entryCount: UInt32, firstID: Key128,
    lastID: Key128, lengths: [UInt64], tableChecksum: UInt32
  ) {
    self.segment = segment
    self.segmentLength = segmentLength
    self.chain = chain
    self.entryCount = entryCount
    self.firstID = firstID
    self.lastID = lastID
    self.lengths = lengths
    self.tableChecksum = tableChecksum
  }
}
