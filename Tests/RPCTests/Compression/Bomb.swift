internal import CZlib

@testable internal import RPC

/// gzip that grows a thousandfold, made without inflating it: one block of zeros, over and over.
struct Bomb {
  /// Bytes in one block.
  static let blockBytes = 1 << 20

  /// What a receiver gets.
  let bytes: [UInt8]

  /// - Parameter blocks: MiB that it claims to hold. Its end is missing: nobody should come so far.
  init(blocks: Int) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    deflateInit2_(
      stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(stream) }
    let first = Self.block(stream)
    // A full flush ends at a whole byte and looks back at nothing before it.
    let next = Self.block(stream)
    var bytes = first
    for _ in 1..<blocks { bytes += next }
    self.bytes = bytes
  }

  private static func block(_ stream: UnsafeMutablePointer<z_stream>) -> [UInt8] {
    var zeros = [UInt8](repeating: 0, count: blockBytes)
    return [UInt8](unsafeUninitializedCapacity: 1 << 16) { output, count in
      zeros.withUnsafeMutableBufferPointer { zeros in
        stream.pointee.next_in = zeros.baseAddress
        stream.pointee.avail_in = UInt32(zeros.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        deflate(stream, Z_FULL_FLUSH)
      }
      count = output.count - Int(stream.pointee.avail_out)
    }
  }
}

/// One message on the wire, as a flag and its bytes.
struct Frame: Equatable {
  var isCompressed: Bool
  var bytes: [UInt8]

  /// The frame as DATA carries it.
  var wire: [UInt8] {
    [isCompressed ? 1 : 0] + withUnsafeBytes(of: UInt32(bytes.count).bigEndian, Array.init) + bytes
  }

  /// Cuts a body into its frames.
  static func all(in body: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = body[...]
    while rest.count >= 5 {
      let prefix = Array(rest.prefix(5))
      let length = prefix[1...].reduce(0) { $0 << 8 | Int($1) }
      frames.append(
        Frame(isCompressed: prefix[0] == 1, bytes: Array(rest.dropFirst(5).prefix(length))))
      rest = rest.dropFirst(5 + length)
    }
    return frames
  }
}

/// gzip of any bytes.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  Array(
    Gzip.frame(Frame(isCompressed: false, bytes: bytes).wire, level: 6, always: true).dropFirst(5))
}
