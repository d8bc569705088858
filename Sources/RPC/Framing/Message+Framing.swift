internal import ProtobufC

extension Message {
  /// The message with its five-byte prefix, uncompressed, ready for DATA frames.
  func framed() throws(EncodingError) -> [UInt8] {
    try serialize { serialization in
      let length = serialization.byteCount
      let total = MessageReader.prefixLength + length
      func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes[0] = 0
        bytes.storeBytes(of: UInt32(length).bigEndian, toByteOffset: 1, as: UInt32.self)
        serialization.write(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[MessageReader.prefixLength...]))
      }
      if total <= Self.stackBytes {
        // Copying is cheaper than uninitialised room, whose type is looked up at run time.
        return withUnsafeTemporaryAllocation(byteCount: Self.stackBytes, alignment: 8) { room in
          let bytes = UnsafeMutableRawBufferPointer(rebasing: room.prefix(total))
          write(to: bytes)
          return [UInt8](bytes)
        }
      }
      return [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
        write(to: UnsafeMutableRawBufferPointer(buffer))
        count = total
      }
    }
  }

  /// The most that Swift takes from the stack at once.
  private static var stackBytes: Int { 1024 }
}
