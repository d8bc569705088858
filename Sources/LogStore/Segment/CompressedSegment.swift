internal import Synchronization

/// A sealed segment's bytes, deflated in blocks: read as if they stood there plainly.
final class CompressedSegment: Sendable {
  private let header: CompressedHeader
  private let file: any OpenFile
  private let path: String
  /// Where each block begins in the file, and where the last ends.
  private let offsets: [UInt64]
  private let checksums: [UInt32]
  private let cache: BlockCache
  private let cacheNumber: UInt64

  /// Of the segment in one block: what one entry's reading inflates (0.2 ms), and enough to find
  /// what repeats from entry to entry.
  static let blockBytes = 64 << 10

  /// A compressed segment's whole file.
  static func image(of segment: UInt32, _ bytes: [UInt8]) -> [UInt8] {
    var blocks = ByteWriter()
    var table = ByteWriter()
    for start in stride(from: 0, to: bytes.count, by: blockBytes) {
      let block = Deflate.compress(bytes[start..<min(start + blockBytes, bytes.count)])
      table.integer(UInt32(block.count))
      table.integer(Checksum.of(block[...]))
      blocks.bytes += block
    }
    let header = CompressedHeader(
      segment: segment, blockBytes: UInt32(blockBytes), length: UInt64(bytes.count),
      table: UInt64(CompressedHeader.byteCount + blocks.bytes.count),
      blockCount: UInt32(table.bytes.count / CompressedHeader.rowBytes),
      tableChecksum: Checksum.of(table.bytes[...]))
    return header.bytes + blocks.bytes + table.bytes
  }

  /// The segment's bytes out of such a file; nil for what is none.
  static func plain(_ image: [UInt8], of segment: UInt32) throws(LogStoreError) -> [UInt8]? {
    let (bytes, fault) = try CompressedSegment(
      BytesFile(image), segment: segment, path: "", cache: BlockCache()
    ).readAll()
    return fault == nil ? bytes : nil
  }

  /// - Throws: `damaged` where header and table are not whole; `system`.
  init(
    _ file: any OpenFile, segment: UInt32, path: String, cache: BlockCache
  ) throws(LogStoreError) {
    self.file = file
    self.path = path
    self.cache = cache
    cacheNumber = cache.number()
    let damaged = LogStoreError.damaged(
      LogStoreFault(
        file: path, segment: segment, offset: 0,
        reason: "the compressed segment's header or its table of blocks was changed"))
    let found: CompressedHeader?
    let table: [UInt8]
    let size: UInt64
    do throws(SystemFault) {
      size = try file.size()
      found = CompressedHeader(try file.read(CompressedHeader.byteCount, at: 0))
      let rows = Int(found?.blockCount ?? 0) * CompressedHeader.rowBytes
      table = try file.read(rows, at: found?.table ?? 0)
    } catch {
      throw .system(error)
    }
    guard let found, found.segment == segment, found.table + UInt64(table.count) == size,
      table.count == Int(found.blockCount) * CompressedHeader.rowBytes,
      Checksum.of(table[...]) == found.tableChecksum
    else { throw damaged }
    header = found
    var offsets = [UInt64(CompressedHeader.byteCount)]
    var checksums: [UInt32] = []
    table.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      while let length = reader.integer(UInt32.self), let checksum = reader.integer(UInt32.self) {
        offsets.append(offsets[offsets.count - 1] + UInt64(length))
        checksums.append(checksum)
      }
    }
    guard offsets.last == found.table else { throw damaged }
    self.offsets = offsets
    self.checksums = checksums
  }

  /// Of the segment, as it was before.
  var length: UInt64 { header.length }

  /// Reads bytes of the segment; fewer at its end.
  func read(_ count: Int, at offset: UInt64) throws(LogStoreError) -> [UInt8] {
    let end = min(offset + UInt64(count), length)
    guard offset < end else { return [] }
    let size = UInt64(header.blockBytes)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(end - offset))
    for number in Int(offset / size)...Int((end - 1) / size) {
      let start = UInt64(number) * size
      let block = try cache.recent.value(
        of: BlockCache.Key(segment: cacheNumber, block: number)
      ) { () throws(LogStoreError) in try self.block(number) }
      let low = max(offset, start) - start
      let high = min(end - start, UInt64(block.count))
      bytes += block[Int(low)..<Int(high)]
    }
    return bytes
  }

  /// The whole segment; zeros where a block was changed, and the first such block.
  func readAll() throws(LogStoreError) -> (bytes: [UInt8], fault: LogStoreFault?) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(length))
    var first: LogStoreFault?
    for number in checksums.indices {
      do throws(LogStoreError) {
        bytes += try block(number)
      } catch {
        guard case .damaged(let fault) = error else { throw error }
        first = first ?? fault
        bytes += [UInt8](repeating: 0, count: plainLength(number))
      }
    }
    return (bytes, first)
  }

  private func plainLength(_ number: Int) -> Int {
    Int(min(UInt64(header.blockBytes), length - UInt64(number) * UInt64(header.blockBytes)))
  }

  private func block(_ number: Int) throws(LogStoreError) -> [UInt8] {
    let stored: [UInt8]
    do throws(SystemFault) {
      stored = try file.read(Int(offsets[number + 1] - offsets[number]), at: offsets[number])
    } catch {
      throw .system(error)
    }
    guard Checksum.of(stored[...]) == checksums[number],
      let plain = Deflate.inflate(stored, count: plainLength(number))
    else {
      throw .damaged(
        LogStoreFault(
          file: path, segment: header.segment, offset: offsets[number],
          reason: "a block of the compressed segment was changed"))
    }
    return plain
  }
}

/// The blocks that were inflated last, of all segments of a store.
final class BlockCache: Sendable {
  struct Key: Hashable {
    let segment: UInt64
    let block: Int
  }

  /// 2 MiB: a page of entries that stand together inflates each block once.
  let recent = RecentValues<Key, [UInt8]>(32)
  private let next = Atomic<UInt64>(0)

  /// A segment file's own: one that took another's place has other bytes.
  func number() -> UInt64 { next.add(1, ordering: .relaxed).newValue }
}
