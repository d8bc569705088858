internal import COpenSSL
internal import NIOCore

/// The ciphertext of one connection between libssl and its channel, as a BIO over the channel's own
/// buffers: what arrived is read where it lies, what leaves is written where it leaves from. A
/// memory BIO would copy, and zero, everything once more.
///
/// Confined to one event loop.
final class CiphertextBuffers {
  // Unchecked exclusivity: the callbacks touch these only from within libssl's calls, during which
  // nobody else does.
  @exclusivity(unchecked) private var inbound = ByteBuffer()
  @exclusivity(unchecked) private var outbound = ByteBuffer()

  /// A new BIO over these buffers, for both directions; nil without memory. Whoever takes it keeps
  /// this object as long.
  func makeBIO() -> OpaquePointer? {
    guard let bio = BIO_new(Self.method) else { return nil }
    // Not retained: see above.
    BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
    BIO_set_init(bio, 1)
    return bio
  }

  /// Ciphertext that libssl has not read yet.
  var hasInbound: Bool { inbound.readableBytes > 0 }
  /// Ciphertext that the channel has not been given yet.
  var hasOutbound: Bool { outbound.readableBytes > 0 }

  func receive(_ bytes: ByteBuffer) {
    if hasInbound { inbound.writeImmutableBuffer(bytes) } else { inbound = bytes }
  }

  /// Moves what libssl wrote to the end of `buffer`; without a copy when that is empty.
  func takeOutbound(into buffer: inout ByteBuffer) {
    if buffer.readableBytes == 0 {
      swap(&buffer, &outbound)
    } else {
      buffer.writeImmutableBuffer(outbound)
    }
    outbound.clear()
  }

  private func read(into space: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(space.count, inbound.readableBytes)
    inbound.readWithUnsafeReadableBytes { bytes in
      space.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
      return count
    }
    // Lets go of the channel's buffer: an idle connection holds none.
    if !hasInbound { inbound = ByteBuffer() }
    return count
  }

  private func write(_ bytes: UnsafeRawBufferPointer) {
    outbound.writeBytes(bytes)
  }

  // MARK: - For libcrypto

  /// Made once for the process: three functions, found through the BIO's data. C function pointers
  /// capture nothing.
  private nonisolated(unsafe) static let method: OpaquePointer? = {
    let method = BIO_meth_new(BIO_get_new_index() | shim_BIO_TYPE_SOURCE_SINK(), "ciphertext")
    BIO_meth_set_read(method) { bio, space, count in
      guard let bio, let space, count > 0 else { return 0 }
      shim_BIO_clear_retry_flags(bio)
      let read = CiphertextBuffers.behind(bio) {
        $0.read(into: UnsafeMutableRawBufferPointer(start: space, count: Int(count)))
      }
      if read > 0 { return Int32(read) }
      // More may come: libssl says that it wants to read.
      shim_BIO_set_retry_read(bio)
      return -1
    }
    BIO_meth_set_write(method) { bio, bytes, count in
      guard let bio, let bytes, count > 0 else { return 0 }
      shim_BIO_clear_retry_flags(bio)
      CiphertextBuffers.behind(bio) {
        $0.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
      }
      return count
    }
    BIO_meth_set_ctrl(method) { _, command, _, _ in
      // Nothing waits behind this BIO, so that a flush has always been done.
      command == BIO_CTRL_FLUSH ? 1 : 0
    }
    return method
  }()

  private static func behind<Result>(
    _ bio: OpaquePointer, _ body: (CiphertextBuffers) -> Result
  ) -> Result {
    Unmanaged<CiphertextBuffers>.fromOpaque(BIO_get_data(bio))._withUnsafeGuaranteedRef(body)
  }
}
