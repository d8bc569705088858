/// A log's part of an index file.
struct IndexSpan: Equatable {
  var log: UInt32
  var count: UInt32
  /// The first entry's index in the log.
  var first: UInt64
  var earliest: Int64
  var latest: Int64
  var kinds: KindMask
  /// The first entry's row in the file: a log's rows stand together.
  var row: UInt32

  static let byteCount = 44

  var end: UInt64 { first + UInt64(count) }

  /// How many hashes of subtrees of 256 ^ `level` leaves the span completed.
  func nodeCount(level: Int) -> Int {
    let shift = UInt64(level * 8)
    return Int((end >> shift) - (first >> shift))
  }

  /// In all, by level from 1.
  var nodeCounts: [Int] {
    var counts: [Int] = []
    while case let count = nodeCount(level: counts.count + 1), count > 0 { counts.append(count) }
    return counts
  }

  var edgeCount: Int { end.nonzeroBitCount }

  func write(to writer: inout ByteWriter) {
    writer.integer(log)
    writer.integer(count)
    writer.integer(first)
    writer.integer(earliest)
    writer.integer(latest)
    writer.integer(kinds.bits)
    writer.integer(row)
  }

  init?(_ reader: inout ByteReader) {
    guard let log = reader.integer(UInt32.self), let count = reader.integer(UInt32.self),
      let first = reader.integer(UInt64.self), let earliest = reader.integer(Int64.self),
      let latest = reader.integer(Int64.self), let kinds = reader.integer(UInt64.self),
      let row = reader.integer(UInt32.self), first <= 1 << 62
    else { return nil }
    self.log = log
    self.count = count
    self.first = first
    self.earliest = earliest
    self.latest = latest
    self.kinds = KindMask(bits: kinds)
    self.row = row
  }

  init(log: UInt32, span: Span, row: UInt32) {
    self.log = log
    count = span.count
    first = span.first
    earliest = span.earliest
    latest = span.latest
    kinds = span.kinds
    self.row = row
  }
}
