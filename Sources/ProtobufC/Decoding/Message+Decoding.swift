internal import CProtobufC

extension Message {
  /// The message that `bytes` hold. They are checked against the schema first, so that protobuf-c
  /// never sees bytes that it would misread. Unknown fields are ignored.
  public init(
    serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits = .standard
  ) throws(DecodingError) {
    let descriptor = Self.descriptor.pointer
    try Guard.check(bytes, descriptor, limits)
    let result: Result<Self, DecodingError> = Arena.withArena(
      budget: limits.memoryBudget
    ) { arena in
      var allocator = arena.allocator
      // Owned by the arena: never freed by protobuf-c's own function.
      let unpacked = protobuf_c_message_unpack(
        descriptor, &allocator, bytes.count,
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
      if let unpacked { return .success(Self(unpacked: UnsafeRawPointer(unpacked))) }
      let reason: DecodingError.Reason =
        arena.state.pointee.isExhausted ? .memoryBudgetExceeded : .malformed
      return .failure(DecodingError(reason: reason))
    }
    self = try result.get()
  }

  /// The message that `bytes` hold, as in `init(serialized:limits:)` over a buffer.
  public init(serialized bytes: [UInt8], limits: DecodingLimits = .standard) throws(DecodingError) {
    let result: Result<Self, DecodingError> = bytes.withUnsafeBytes { buffer in
      do throws(DecodingError) {
        return .success(try Self(serialized: buffer, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }
}
