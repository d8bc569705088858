internal import CProtobufC

extension Message {
  /// The message that `bytes` hold. They are checked against the schema first, so that protobuf-c
  /// never sees bytes that it would misread. Unknown fields are ignored.
  public init(
    serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits = .standard
  ) throws(DecodingError) {
    let descriptor = Self.descriptor.pointer
    try Guard.check(bytes, descriptor, limits)
    let arena = Arena(budget: limits.memoryBudget)
    defer { arena.free() }
    self.init(unpacked: try arena.unpack(bytes, descriptor))
  }

  /// As `init(serialized:limits:)` over a buffer.
  public init(serialized bytes: [UInt8], limits: DecodingLimits = .standard) throws(DecodingError) {
    self = try bytes.span.bytes.withUnsafeBytes { buffer throws(DecodingError) in
      try Self(serialized: buffer, limits: limits)
    }
  }
}

extension Arena {
  /// protoc-c's struct of the message that `bytes` hold. It is owned by the arena: it must not be
  /// given to `protobuf_c_message_free_unpacked`.
  fileprivate func unpack(
    _ bytes: UnsafeRawBufferPointer, _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(DecodingError) -> UnsafeRawPointer {
    var allocator = allocator
    let message = protobuf_c_message_unpack(
      type, &allocator, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    if let message { return UnsafeRawPointer(message) }
    throw DecodingError(reason: state.pointee.isExhausted ? .memoryBudgetExceeded : .malformed)
  }
}
