internal import Glibc
internal import Synchronization

/// The application's fields of the header list that a connection is receiving, as bytes one behind
/// another. One for each connection: header lists come whole (RFC 9113, section 4.3).
///
/// Confined to the connection's event loop.
final class FieldBlock {
  @exclusivity(unchecked) private(set) var bytes: [UInt8] = []

  /// Four bytes for the length of the name, four for that of the value, the name, the value.
  static let prefixLength = 8

  var isEmpty: Bool { bytes.isEmpty }

  func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    let lengths = (UInt32(name.count), UInt32(value.count))
    withUnsafeBytes(of: lengths) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: name)
    bytes.append(contentsOf: value)
  }

  func removeAll() {
    if !bytes.isEmpty { bytes.removeAll(keepingCapacity: true) }
  }
}

/// The application's fields of a request: bytes, until somebody asks for them. Calls of one
/// connection whose fields are the same share one.
final class ReceivedMetadata: Sendable {
  private let bytes: [UInt8]
  private let decoded: Mutex<Metadata?>

  /// - Parameter block: of fields whose base64, if any, has been looked at.
  init(_ block: FieldBlock) {
    // A copy of its own: the block's room is used again.
    bytes = block.bytes.withUnsafeBufferPointer { Array($0) }
    decoded = Mutex(nil)
  }

  init(_ metadata: Metadata) {
    bytes = []
    decoded = Mutex(metadata)
  }

  func holds(_ block: FieldBlock) -> Bool {
    bytes.count == block.bytes.count
      && bytes.withUnsafeBufferPointer { mine in
        block.bytes.withUnsafeBufferPointer { others in
          memcmp(mine.baseAddress!, others.baseAddress!, mine.count) == 0
        }
      }
  }

  var metadata: Metadata {
    decoded.withLock { decoded in
      if let decoded { return decoded }
      let metadata = decode()
      decoded = metadata
      return metadata
    }
  }

  private func decode() -> Metadata {
    var metadata = Metadata()
    bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let name = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let value = Int(bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        let start = offset + FieldBlock.prefixLength
        let nameBytes = UnsafeRawBufferPointer(rebasing: bytes[start..<start + name])
        offset = start + name + value
        // The base64 was looked at when the field came.
        _ = metadata.addWire(
          name: String(decoding: nameBytes, as: UTF8.self),
          value: UnsafeRawBufferPointer(rebasing: bytes[start + name..<offset]))
      }
    }
    return metadata
  }
}
