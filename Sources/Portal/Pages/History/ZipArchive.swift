internal import CZlib

/// Files in one, as every system unpacks it: ZIP (APPNOTE 6.3.10) without compression and without
/// ZIP64, so for less than 4 GiB.
struct ZipArchive {
  private var body: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// - Parameter path: ASCII, with `/`.
  mutating func add(_ path: String, _ bytes: [UInt8]) {
    let name = Array(path.utf8)
    let offset = UInt32(body.count)
    let sum = bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count)))
    }
    var shared: [UInt8] = []
    // Version 2.0, no flags, stored, 1980-01-01 00:00: the same files, the same archive.
    for value in [20, 0, 0, 0, 0x21] as [UInt16] { Self.append(value, to: &shared) }
    for value in [sum, UInt32(bytes.count), UInt32(bytes.count)] {
      Self.append(value, to: &shared)
    }
    Self.append(UInt16(name.count), to: &shared)
    Self.append(UInt16(0), to: &shared)

    Self.append(UInt32(0x0403_4b50), to: &body)
    body += shared + name + bytes

    Self.append(UInt32(0x0201_4b50), to: &directory)
    // Made by UNIX, for the rights: rw-------.
    Self.append(UInt16(3 << 8 | 20), to: &directory)
    directory += shared
    for value in [0, 0, 0] as [UInt16] { Self.append(value, to: &directory) }
    Self.append(UInt32(0o100600) << 16, to: &directory)
    Self.append(offset, to: &directory)
    directory += name
    count += 1
  }

  var bytes: [UInt8] {
    var end: [UInt8] = []
    Self.append(UInt32(0x0605_4b50), to: &end)
    for value in [0, 0, count, count] { Self.append(value, to: &end) }
    Self.append(UInt32(directory.count), to: &end)
    Self.append(UInt32(body.count), to: &end)
    Self.append(UInt16(0), to: &end)
    return body + directory + end
  }

  /// Little-endian.
  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
