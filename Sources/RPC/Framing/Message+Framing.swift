internal import ProtobufC

extension Message {
  /// The message with its five-byte prefix, uncompressed, ready for DATA frames.
  func framed() throws(EncodingError) -> [UInt8] {
    try serialize { serialization in
      let length = serialization.byteCount
      let total = MessageReader.prefixLength + length
      return [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        bytes[0] = 0
        bytes.storeBytes(of: UInt32(length).bigEndian, toByteOffset: 1, as: UInt32.self)
        serialization.write(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[MessageReader.prefixLength...]))
        count = total
      }
    }
  }
}
