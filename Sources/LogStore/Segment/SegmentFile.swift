/// A segment's open file, plain or compressed: the same bytes are read from either.
final class SegmentFile: Sendable {
  let number: UInt32
  /// As people are told.
  let path: String
  /// The file itself: what it holds is the segment's bytes only where it is not compressed.
  let file: any OpenFile
  private let compressed: CompressedSegment?

  /// A plain segment, as the writer makes it.
  init(number: UInt32, path: String, file: any OpenFile) {
    self.number = number
    self.path = path
    self.file = file
    compressed = nil
  }

  /// Whichever of both the file is.
  /// - Throws: `damaged`, `system`.
  init(
    opening file: any OpenFile, number: UInt32, path: String, cache: BlockCache
  ) throws(LogStoreError) {
    self.number = number
    self.path = path
    self.file = file
    let start: [UInt8]
    do throws(SystemFault) {
      start = try file.read(8, at: 0)
    } catch {
      throw .system(error)
    }
    compressed =
      CompressedHeader.begins(start)
      ? try CompressedSegment(file, segment: number, path: path, cache: cache) : nil
  }

  var isCompressed: Bool { compressed != nil }

  /// Of the segment in bytes, whatever the file takes.
  func size() throws(LogStoreError) -> UInt64 {
    if let compressed { return compressed.length }
    do throws(SystemFault) {
      return try file.size()
    } catch {
      throw .system(error)
    }
  }

  /// Reads bytes of the segment; fewer at its end.
  func read(_ count: Int, at offset: UInt64) throws(LogStoreError) -> [UInt8] {
    if let compressed { return try compressed.read(count, at: offset) }
    do throws(SystemFault) {
      return try file.read(count, at: offset)
    } catch {
      throw .system(error)
    }
  }

  /// All bytes of the segment; of a compressed one zeros for what cannot be inflated, and why.
  func readAll() throws(LogStoreError) -> (bytes: [UInt8], fault: LogStoreFault?) {
    if let compressed { return try compressed.readAll() }
    return (try read(Int(size()), at: 0), nil)
  }
}
