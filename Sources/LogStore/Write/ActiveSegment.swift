/// The segment that is written.
struct ActiveSegment {
  let file: SegmentFile
  /// Where the next batch goes.
  private(set) var position: Int
  /// Up to here the file is written already, with zeros: a sync of bytes within it has no new
  /// length to write down.
  private var reserved: Int

  init(file: SegmentFile, position: Int, reserved: Int) {
    self.file = file
    self.position = position
    self.reserved = reserved
  }

  /// Writes in one call, with zeros behind where the written part of the file ends, and syncs.
  mutating func append(_ bytes: inout [UInt8], reserving reserve: Int) throws(SystemFault) {
    let count = bytes.count
    if position + count > reserved && reserve > 0 {
      let end = (position + count + reserve) / reserve * reserve
      bytes.append(contentsOf: repeatElement(0, count: end - position - count))
    }
    var fault: SystemFault?
    bytes.withUnsafeBytes { bytes in
      do throws(SystemFault) {
        try file.file.writeAll(bytes, at: UInt64(position), path: file.path)
        try file.file.syncData()
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    reserved = max(reserved, position + bytes.count)
    position += count
  }

  /// Ends the segment: nothing is appended after this.
  func seal(_ seal: SegmentSeal) throws(SystemFault) {
    var writer = ByteWriter()
    seal.write(to: &writer)
    try file.file.truncate(to: UInt64(position))
    var fault: SystemFault?
    writer.bytes.withUnsafeBytes { bytes in
      do throws(SystemFault) {
        try file.file.writeAll(bytes, at: UInt64(position), path: file.path)
        try file.file.syncData()
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
  }
}
