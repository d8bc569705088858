internal import CZlib

/// zlib streams (RFC 1950), each made and read in one piece.
enum Deflate {
  static func compress(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let bound = Int(compressBound(UInt(bytes.count)))
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, filled in
      var count = UInt(bound)
      let result = bytes.withUnsafeBufferPointer {
        compress2(buffer.baseAddress, &count, $0.baseAddress, UInt($0.count), Z_DEFAULT_COMPRESSION)
      }
      // The buffer holds whatever can come out: only memory can be missing.
      precondition(result == Z_OK, "zlib is out of memory")
      filled = Int(count)
    }
  }

  /// - Returns: nil for what is not the stream of exactly `count` bytes.
  static func inflate(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    var isWhole = false
    let plain = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var length = UInt(count)
      var used = UInt(bytes.count)
      let result = bytes.withUnsafeBufferPointer {
        uncompress2(buffer.baseAddress, &length, $0.baseAddress, &used)
      }
      isWhole = result == Z_OK && Int(length) == count && Int(used) == bytes.count
      filled = isWhole ? count : 0
    }
    return isWhole ? plain : nil
  }
}
