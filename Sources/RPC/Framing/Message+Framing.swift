internal import ProtobufC

extension Message {
  /// The message with its five-byte prefix, uncompressed, ready for DATA frames.
  func framed() throws(EncodingError) -> [UInt8] {
    try serialize { serialization in
      let length = serialization.byteCount
      let total = MessageReader.prefixLength + length
      // Zeroes first: uninitialised room is dearer, its type is looked up at run time.
      var framed = [UInt8](repeating: 0, count: total)
      framed.withUnsafeMutableBytes { bytes in
        bytes.storeBytes(of: UInt32(length).bigEndian, toByteOffset: 1, as: UInt32.self)
        serialization.write(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[MessageReader.prefixLength...]))
      }
      return framed
    }
  }
}
