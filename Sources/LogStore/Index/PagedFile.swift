/// A file that never changes, read through the checksums of its pages.
final class PagedFile: Sendable {
  private let file: any OpenFile
  private let path: String
  private let length: UInt64
  private let checksums: [UInt32]

  private static let pageSize = UInt64(IndexImage.pageSize)

  /// - Parameter length: of the pages; what comes behind is not read.
  init(_ file: any OpenFile, path: String, length: UInt64, checksums: [UInt32]) {
    self.file = file
    self.path = path
    self.length = length
    self.checksums = checksums
  }

  static func pageCount(_ length: UInt64) -> Int { Int((length + pageSize - 1) / pageSize) }

  /// Gives the bytes of a range, checked.
  /// - Throws: `damaged` where they are not those that were written or are not there at all.
  func read<R>(
    _ count: Int, at offset: UInt64, _ body: (UnsafeRawBufferPointer) -> R
  ) throws(LogStoreError) -> R {
    guard offset + UInt64(count) <= length else {
      throw damaged(offset, "the index ends before it should")
    }
    let first = offset / Self.pageSize
    let start = first * Self.pageSize
    let end = min(
      (offset + UInt64(count) + Self.pageSize - 1) / Self.pageSize * Self.pageSize, length)
    let bytes: [UInt8]
    do {
      bytes = try file.read(Int(end - start), at: start)
    } catch {
      throw .system(error)
    }
    guard bytes.count == Int(end - start) else { throw damaged(start, "the index was cut") }
    for (number, page) in stride(from: 0, to: bytes.count, by: IndexImage.pageSize).enumerated() {
      let slice = bytes[page..<min(page + IndexImage.pageSize, bytes.count)]
      guard Checksum.of(slice) == checksums[Int(first) + number] else {
        throw damaged(start + UInt64(page), "a page of the index was changed")
      }
    }
    return bytes.withUnsafeBytes { all in
      body(
        UnsafeRawBufferPointer(rebasing: all[Int(offset - start)..<(Int(offset - start) + count)]))
    }
  }

  private func damaged(_ offset: UInt64, _ reason: String) -> LogStoreError {
    .damaged(
      LogStoreFault(
        file: path, offset: offset, reason: reason + "; it is made again when it is removed"))
  }
}
