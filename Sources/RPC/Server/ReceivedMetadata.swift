internal import Glibc
internal import Synchronization

/// The application's fields of the header list that a connection is receiving, as bytes one behind
/// another. One for each connection: header lists come whole (RFC 9113, section 4.3).
///
/// Confined to the connection's event loop.
final class FieldBlock {
  /// Owned; of `capacity` bytes.
  @exclusivity(unchecked) private var start: UnsafeMutableRawPointer
  @exclusivity(unchecked) private var capacity = 256
  @exclusivity(unchecked) private var count = 0

  /// Four bytes for the length of the name, four for that of the value, the name, the value.
  static let prefixLength = 8

  init() {
    start = .allocate(byteCount: capacity, alignment: 8)
  }

  deinit { start.deallocate() }

  var isEmpty: Bool { count == 0 }

  /// Lent until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    reserve(Self.prefixLength + name.count + value.count)
    let field = start + count
    field.storeBytes(of: UInt32(name.count), as: UInt32.self)
    field.storeBytes(of: UInt32(value.count), toByteOffset: 4, as: UInt32.self)
    let text = field + Self.prefixLength
    if let bytes = name.baseAddress { text.copyMemory(from: bytes, byteCount: name.count) }
    if let bytes = value.baseAddress {
      (text + name.count).copyMemory(from: bytes, byteCount: value.count)
    }
    count += Self.prefixLength + name.count + value.count
  }

  func removeAll() {
    count = 0
  }

  private func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    larger.copyMemory(from: start, byteCount: count)
    start.deallocate()
    start = larger
  }
}

/// The application's fields of a request: bytes, until somebody asks for them. Calls of one
/// connection whose fields are the same share one.
final class ReceivedMetadata: Sendable {
  private let bytes: [UInt8]
  private let decoded: Mutex<Metadata?>

  /// - Parameter block: of fields whose base64, if any, has been looked at.
  init(_ block: FieldBlock) {
    bytes = Array(block.bytes)
    decoded = Mutex(nil)
  }

  init(_ metadata: Metadata) {
    bytes = []
    decoded = Mutex(metadata)
  }

  func holds(_ block: FieldBlock) -> Bool {
    bytes.count == block.bytes.count && !bytes.isEmpty
      && bytes.withUnsafeBytes { memcmp($0.baseAddress!, block.bytes.baseAddress!, $0.count) == 0 }
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
