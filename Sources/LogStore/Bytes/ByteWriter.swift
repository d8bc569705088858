internal import MerkleLog

/// Appends values to bytes, integers with their lowest byte first.
struct ByteWriter {
  var bytes: [UInt8] = []

  @inline(__always)
  mutating func integer<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func key(_ key: Key128) {
    integer(key.high.byteSwapped)
    integer(key.low.byteSwapped)
  }

  mutating func hash(_ hash: Hash) { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }

  /// With its length in one byte before it; at most 255 bytes.
  mutating func shortText(_ text: String) {
    let utf8 = text.utf8
    precondition(utf8.count <= 255, "a text that is too long to be written")
    bytes.append(UInt8(utf8.count))
    bytes.append(contentsOf: utf8)
  }

  mutating func zeros(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

  /// The checksum of everything since `start`.
  mutating func checksum(from start: Int = 0) { integer(Checksum.of(bytes[start...])) }

  /// Puts a value where one was appended before.
  mutating func replace(_ value: UInt32, at offset: Int) {
    withUnsafeBytes(of: value.littleEndian) { source in
      bytes.withUnsafeMutableBytes { $0[offset..<(offset + 4)].copyBytes(from: source) }
    }
  }
}
