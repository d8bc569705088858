/// What a batch begins with. Its own checksum comes apart from the payload's, so that a damaged
/// payload still has an end.
struct BatchHeader: Equatable {
  var payloadLength: UInt32
  /// Dense over all segments, from 0.
  var batch: UInt64
  /// Of the first entry; dense over all logs and segments, from 0.
  var sequence: UInt64
  var entryCount: UInt32
  /// The checksum of the header before: a batch taken out or moved breaks it.
  var chain: UInt32
  var payloadChecksum: UInt32

  static let byteCount = 40
  static let magic: UInt32 = 0x4843_5442  // "BTCH"

  /// Fills the place that was left for the header.
  /// - Returns: the header's checksum.
  func write(to bytes: inout [UInt8], at start: Int) -> UInt32 {
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(Self.byteCount)
    writer.integer(Self.magic)
    writer.integer(payloadLength)
    writer.integer(batch)
    writer.integer(sequence)
    writer.integer(entryCount)
    writer.integer(chain)
    writer.integer(payloadChecksum)
    writer.checksum()
    bytes.replaceSubrange(start..<(start + Self.byteCount), with: writer.bytes)
    return Checksum.of(writer.bytes.dropLast(4))
  }

  /// - Returns: nil for what is no header or a damaged one; its checksum beside it.
  static func read(_ bytes: UnsafeRawBufferPointer) -> (header: BatchHeader, checksum: UInt32)? {
    guard bytes.count >= byteCount else { return nil }
    var reader = ByteReader(bytes)
    guard reader.integer(UInt32.self) == magic, let length = reader.integer(UInt32.self),
      let batch = reader.integer(UInt64.self), let sequence = reader.integer(UInt64.self),
      let count = reader.integer(UInt32.self), let chain = reader.integer(UInt32.self),
      let payload = reader.integer(UInt32.self), let checksum = reader.integer(UInt32.self),
      checksum == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<(byteCount - 4)]))
    else { return nil }
    let header = BatchHeader(
      payloadLength: length, batch: batch, sequence: sequence, entryCount: count, chain: chain,
      payloadChecksum: payload)
    return (header, checksum)
  }
}
