internal import MerkleLog

/// Where an entry stands in its segment, and what of it lists are filtered by.
struct EntryRow: Equatable {
  /// Of the item, in bytes from the segment's beginning.
  var offset: UInt32
  /// Of the item, in bytes.
  var length: UInt32
  var time: Int64
  var kind: UInt16
  var isDropped: Bool

  static let byteCount = 24

  func write(to writer: inout ByteWriter) {
    writer.integer(offset)
    writer.integer(length)
    writer.integer(time)
    writer.integer(kind)
    writer.integer(UInt16(isDropped ? 1 : 0))
    writer.integer(UInt32(0))
  }

  init?(_ reader: inout ByteReader) {
    guard let offset = reader.integer(UInt32.self), let length = reader.integer(UInt32.self),
      let time = reader.integer(Int64.self), let kind = reader.integer(UInt16.self),
      let flags = reader.integer(UInt16.self), reader.skip(4)
    else { return nil }
    self.init(offset: offset, length: length, time: time, kind: kind, isDropped: flags & 1 == 1)
  }

  init(offset: UInt32, length: UInt32, time: Int64, kind: UInt16, isDropped: Bool) {
    self.offset = offset
    self.length = length
    self.time = time
    self.kind = kind
    self.isDropped = isDropped
  }
}

/// An entry's log, by number, and its index in it.
struct EntryPosition: Hashable {
  var log: UInt32
  var index: UInt64
}

/// A log's number within the store.
struct LogNumber: Equatable {
  var number: UInt32
  var name: String
}

/// The hash of 256 ^ `level` leaves: an element of a full tile above level 0.
struct TileNode: Equatable {
  var log: UInt32
  /// 1 or more.
  var level: Int
  var hash: Hash
}

/// A checkpoint's place in a segment.
struct CheckpointRow: Equatable {
  var log: UInt32
  var size: UInt64
  var offset: UInt32
  var length: UInt32

  static let byteCount = 20

  func write(to writer: inout ByteWriter) {
    writer.integer(log)
    writer.integer(offset)
    writer.integer(length)
    writer.integer(size)
  }

  init?(_ reader: inout ByteReader) {
    guard let log = reader.integer(UInt32.self), let offset = reader.integer(UInt32.self),
      let length = reader.integer(UInt32.self), let size = reader.integer(UInt64.self)
    else { return nil }
    self.init(log: log, size: size, offset: offset, length: length)
  }

  init(log: UInt32, size: UInt64, offset: UInt32, length: UInt32) {
    self.log = log
    self.size = size
    self.offset = offset
    self.length = length
  }
}

extension Key128 {
  /// What entries of a person are found by.
  init(person: String) {
    self = SHA256.hash(Array(person.utf8)).withUnsafeBytes { bytes in
      Key128(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
