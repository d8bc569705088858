internal import MerkleLog

/// A sealed segment's index: derived from the segment and the ones before it, never changed.
final class IndexFile: Sendable {
  let trailer: IndexTrailer
  /// In rising order of the logs.
  let spans: [IndexSpan]
  private let pages: PagedFile
  private let path: String

  /// Opens an index and reads its spans.
  /// - Parameter path: as people are told.
  /// - Throws: `damaged`, `system`.
  init(_ file: any OpenFile, path: String) throws(LogStoreError) {
    let trailer: IndexTrailer
    let checksums: [UInt32]
    do {
      (trailer, checksums) = try Self.open(file, path)
    } catch let error as LogStoreFault {
      throw .damaged(error)
    } catch let error as SystemFault {
      throw .system(error)
    } catch {
      preconditionFailure("an error of another kind")
    }
    self.trailer = trailer
    self.path = path
    pages = PagedFile(file, path: path, length: trailer.contentLength, checksums: checksums)
    let count = Int(trailer.length(of: .spans)) / IndexSpan.byteCount
    spans = try pages.read(count * IndexSpan.byteCount, at: 0) { bytes in
      var reader = ByteReader(bytes)
      return (0..<count).compactMap { _ in IndexSpan(&reader) }
    }
    guard spans.count == count else { throw malformed() }
  }

  private static func open(
    _ file: any OpenFile, _ path: String
  ) throws -> (IndexTrailer, [UInt32]) {
    let size = try file.size()
    let damaged = LogStoreFault(file: path, reason: "it is no whole index")
    guard size >= UInt64(IndexTrailer.byteCount) else { throw damaged }
    let end = size - UInt64(IndexTrailer.byteCount)
    let bytes = try file.read(IndexTrailer.byteCount, at: end)
    guard let trailer = bytes.withUnsafeBytes({ IndexTrailer($0) }) else { throw damaged }
    let count = PagedFile.pageCount(trailer.contentLength)
    guard trailer.contentLength + UInt64(4 * count) == end else { throw damaged }
    let table = try file.read(4 * count, at: trailer.contentLength)
    guard table.count == 4 * count, Checksum.of(table[...]) == trailer.tableChecksum else {
      throw damaged
    }
    let checksums = table.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return (0..<count).map { _ in reader.integer(UInt32.self) ?? 0 }
    }
    return (trailer, checksums)
  }

  func malformed() -> LogStoreError {
    .damaged(LogStoreFault(file: path, reason: "the index does not fit together"))
  }

  func span(of log: UInt32) -> IndexSpan? {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].log < log { low = middle + 1 } else { high = middle }
    }
    return low < spans.count && spans[low].log == log ? spans[low] : nil
  }

  /// Part of a section, at most up to the section's end.
  func read<R>(
    _ section: IndexTrailer.Section, from offset: Int, count: Int,
    _ body: (UnsafeRawBufferPointer) -> R
  ) throws(LogStoreError) -> R {
    guard offset + count <= Int(trailer.length(of: section)) else { throw malformed() }
    return try pages.read(count, at: trailer.offset(of: section) + UInt64(offset), body)
  }

  func readAll<R>(
    _ section: IndexTrailer.Section, _ body: (UnsafeRawBufferPointer) -> R
  ) throws(LogStoreError) -> R {
    try read(section, from: 0, count: Int(trailer.length(of: section)), body)
  }

  /// The rows of a log from an index on, at most `count`.
  func rows(of log: UInt32, from index: UInt64, count: Int) throws(LogStoreError) -> [EntryRow] {
    guard let span = span(of: log), index >= span.first, index < span.end else { return [] }
    let count = min(count, Int(span.end - index))
    return try rows(at: Int(span.row) + Int(index - span.first), count: count)
  }

  func rows(at row: Int, count: Int) throws(LogStoreError) -> [EntryRow] {
    let rows = try read(
      .rows, from: row * EntryRow.byteCount, count: count * EntryRow.byteCount
    ) { bytes in
      var reader = ByteReader(bytes)
      return (0..<count).compactMap { _ in EntryRow(&reader) }
    }
    guard rows.count == count else { throw malformed() }
    return rows
  }

  /// The leaves of a log from an index on, at most `count`.
  func leaves(of log: UInt32, from index: UInt64, count: Int) throws(LogStoreError) -> [Hash] {
    guard let span = span(of: log), index >= span.first, index < span.end else { return [] }
    let count = min(count, Int(span.end - index))
    let row = Int(span.row) + Int(index - span.first)
    return try read(
      .leaves, from: row * Hash.byteCount, count: count * Hash.byteCount
    ) { bytes in
      var reader = ByteReader(bytes)
      return (0..<count).compactMap { _ in reader.hash() }
    }
  }

  /// Whose a row is.
  func position(ofRow row: UInt32) -> EntryPosition? {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].row + spans[middle].count <= row { low = middle + 1 } else { high = middle }
    }
    guard low < spans.count, spans[low].row <= row else { return nil }
    return EntryPosition(
      log: spans[low].log, index: spans[low].first + UInt64(row - spans[low].row))
  }
}
