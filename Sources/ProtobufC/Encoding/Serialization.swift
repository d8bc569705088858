internal import CProtobufC

/// A message laid out for writing: its exact size is known, its bytes are not written yet.
/// Valid inside the closure of `Message.serialize` only.
public struct Serialization {
  /// Owned by the arena around the closure.
  private let message: UnsafePointer<ProtobufCMessage>
  /// The exact number of bytes that `write` writes.
  public let byteCount: Int

  init(_ message: UnsafeRawPointer) {
    self.message = message.assumingMemoryBound(to: ProtobufCMessage.self)
    byteCount = protobuf_c_message_get_packed_size(self.message)
  }

  /// Writes the bytes to the beginning of `buffer`, which must have room for `byteCount` bytes.
  public func write(into buffer: UnsafeMutableRawBufferPointer) {
    precondition(buffer.count >= byteCount, "no room for the message")
    guard byteCount > 0, let start = buffer.baseAddress else { return }
    let written = protobuf_c_message_pack(message, start.assumingMemoryBound(to: UInt8.self))
    precondition(written == byteCount, "protobuf-c wrote another size than it announced")
  }
}
