internal import MerkleLog

/// Makes the bytes of an index file. The same segment gives the same bytes, so that a check makes
/// them again and compares.
struct IndexImage {
  private let table: SegmentTable
  /// The row in the file of each row in the table.
  private var fileRows: [UInt32]
  private var spans: [IndexSpan] = []
  private let nodes: [UInt32: [TileNode]]

  static let pageSize = 4_096

  /// - Parameter table: closed.
  static func make(
    segment: UInt32, segmentLength: UInt64, chain: UInt32, table: SegmentTable
  ) -> [UInt8] {
    let image = IndexImage(segment: segment, table)
    var writer = ByteWriter()
    var lengths: [UInt64] = []
    for section in IndexTrailer.Section.allCases {
      let start = writer.bytes.count
      image.write(section, to: &writer)
      lengths.append(UInt64(writer.bytes.count - start))
    }
    let ids = table.ids.keys
    let zero = Key128(high: 0, low: 0)
    finish(
      &writer,
      IndexTrailer(
        segment: segment, segmentLength: segmentLength, chain: chain,
        entryCount: UInt32(table.rows.count), firstID: ids.min() ?? zero,
        lastID: ids.max() ?? zero, lengths: lengths, tableChecksum: 0))
    return writer.bytes
  }

  /// Appends the checksums of the pages and the trailer.
  static func finish(_ writer: inout ByteWriter, _ trailer: IndexTrailer) {
    var trailer = trailer
    let end = writer.bytes.count
    for start in stride(from: 0, to: end, by: pageSize) {
      writer.integer(Checksum.of(writer.bytes[start..<min(start + pageSize, end)]))
    }
    trailer.tableChecksum = Checksum.of(writer.bytes[end...])
    trailer.write(to: &writer)
  }

  private init(segment: UInt32, _ table: SegmentTable) {
    self.table = table
    nodes = Dictionary(grouping: table.nodes) { $0.log }
    fileRows = [UInt32](repeating: 0, count: table.rows.count)
    var next: UInt32 = 0
    for (log, found) in table.logs.sorted(by: { $0.key < $1.key }) {
      var span = Span(segment: segment, first: found.first)
      let first = next
      for row in found.rows {
        span.add(table.rows[Int(row)])
        fileRows[Int(row)] = next
        next += 1
      }
      spans.append(IndexSpan(log: log, span: span, row: first))
    }
  }

  private func write(_ section: IndexTrailer.Section, to writer: inout ByteWriter) {
    switch section {
    case .spans: for span in spans { span.write(to: &writer) }
    case .rows: eachRow { table.rows[$0].write(to: &writer) }
    case .leaves: eachRow { writer.hash(table.leaves[$0]) }
    case .ids:
      write(table.ids.map { ($0.key, fileRows[Int($0.value)]) }.sorted { $0.0 < $1.0 }, to: &writer)
    case .requests: write(table.requests.sorted { fileRows[Int($0)] }, to: &writer)
    case .persons: write(table.persons.sorted { fileRows[Int($0)] }, to: &writer)
    case .nodes:
      for span in spans {
        for level in span.nodeCounts.indices {
          for node in nodes[span.log] ?? [] where node.level == level + 1 {
            writer.hash(node.hash)
          }
        }
      }
    case .edges: for span in spans { for hash in table.edges[span.log] ?? [] { writer.hash(hash) } }
    case .checkpoints: for row in table.checkpoints { row.write(to: &writer) }
    case .names:
      for name in table.names {
        writer.integer(name.number)
        writer.shortText(name.name)
      }
    case .cursors:
      for (feed, sequence) in table.cursors.sorted(by: { $0.key < $1.key }) {
        writer.shortText(feed)
        writer.integer(sequence)
      }
    }
  }

  private func eachRow(_ body: (Int) -> Void) {
    for span in spans { for row in table.logs[span.log]?.rows ?? [] { body(Int(row)) } }
  }

  private func write(_ keys: [(key: Key128, row: UInt32)], to writer: inout ByteWriter) {
    for (key, row) in keys {
      writer.key(key)
      writer.integer(row)
    }
  }
}
