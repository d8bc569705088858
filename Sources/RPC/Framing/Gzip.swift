internal import CZlib

/// gzip (RFC 1952) as gRPC uses it: each message is one member.
enum Gzip {
  enum Failure: Error, Hashable {
    /// More comes out than the limit allows; no more than that was inflated.
    case tooLong
    /// Not gzip, damaged, cut short, or with something behind its end.
    case malformed
  }

  /// Bytes inflated at a time: a bomb is noticed this soon.
  private static let pieceBytes = 16 << 10

  /// 15 is the longest window of the format; 16 more asks for gzip's header and trailer.
  private static let gzipWindow: Int32 = 15 + 16

  static func inflate(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    // zlib's state points back at the stream: it must stay where it is.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard
      inflateInit2_(stream, gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { preconditionFailure("zlib is out of memory") }
    defer { inflateEnd(stream) }
    return try inflate(bytes, with: stream, limit: limit).get()
  }

  private static func inflate(
    _ bytes: [UInt8], with stream: UnsafeMutablePointer<z_stream>, limit: Int
  ) -> Result<[UInt8], Failure> {
    bytes.withUnsafeBufferPointer { input in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: pieceBytes) { piece in
        // zlib reads only; the pointer is mutable only in its signature.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        var output: [UInt8] = []
        var result = Z_OK
        while result == Z_OK {
          stream.pointee.next_out = piece.baseAddress
          stream.pointee.avail_out = UInt32(piece.count)
          // Without room or input left, nothing moves: Z_BUF_ERROR.
          result = CZlib.inflate(stream, Z_NO_FLUSH)
          let count = piece.count - Int(stream.pointee.avail_out)
          guard output.count + count <= limit else { return .failure(.tooLong) }
          output.append(contentsOf: piece[..<count])
        }
        let isWhole = result == Z_STREAM_END && stream.pointee.avail_in == 0
        return isWhole ? .success(output) : .failure(.malformed)
      }
    }
  }

  /// Bytes that a message of `count` may have when compressed by whatever compressor: what cannot be
  /// compressed is stored, with a few bytes to each block.
  static func longest(of count: Int) -> Int { count + count >> 9 + 64 }

  /// A compressed frame in the place of an uncompressed one; that one when compressing saves nothing,
  /// unless it is to be done `always`.
  static func frame(_ plain: [UInt8], level: Int32, always: Bool) -> [UInt8] {
    let prefix = MessageReader.prefixLength
    let count = plain.count - prefix
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Shape(messageBytes: count)
    let result = deflateInit2_(
      stream, level, Z_DEFLATED, size.window + 16, size.memory, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else { preconditionFailure("zlib is out of memory") }
    defer { deflateEnd(stream) }
    let room = always ? Int(deflateBound(stream, UInt(count))) : max(0, count - 1)
    return plain.withUnsafeBufferPointer { plainBytes in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { output in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: plainBytes.baseAddress! + prefix)
        stream.pointee.avail_in = UInt32(count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(room)
        guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return plain }
        let length = room - Int(stream.pointee.avail_out)
        return framed(UnsafeBufferPointer(rebasing: output[..<length]))
      }
    }
  }

  private static func framed(_ compressed: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var frame: [UInt8] = []
    frame.reserveCapacity(MessageReader.prefixLength + compressed.count)
    frame.append(1)
    withUnsafeBytes(of: UInt32(compressed.count).bigEndian) { frame.append(contentsOf: $0) }
    frame.append(contentsOf: compressed)
    return frame
  }

  /// zlib's memory for a message. The usual 256 KiB take longer to get and to clear than a short
  /// message takes to compress: 67 µs in all for 1 KiB, against 5 µs.
  private struct Shape {
    let window: Int32
    let memory: Int32

    init(messageBytes count: Int) {
      let bits = Int32(UInt(max(count, 1)).bitWidth - max(count, 1).leadingZeroBitCount)
      window = min(max(bits, 9), 15)
      memory = min(max(bits - 6, 1), 8)
    }
  }
}
