/// Bytes in memory in the place of a file that is only read.
final class BytesFile: OpenFile {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func size() throws(SystemFault) -> UInt64 { UInt64(bytes.count) }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemFault) -> Int {
    let part = bytes.dropFirst(Int(clamping: offset)).prefix(buffer.count)
    buffer.copyBytes(from: part)
    return part.count
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemFault) -> Int { 0 }
  func syncData() throws(SystemFault) {}
  func truncate(to size: UInt64) throws(SystemFault) {}
}
