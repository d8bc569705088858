extension Message {
  /// Lays the message out and hands it to `body`, which knows the exact size before it writes:
  /// straight into the buffer where the bytes belong.
  public func serialize<R>(_ body: (Serialization) -> R) throws(EncodingError) -> R {
    let result: Result<R, EncodingError> = Arena.withArena(budget: .max) { arena in
      let message = packable(in: arena)
      if let field = arena.state.pointee.fieldWithNUL {
        return .failure(.embeddedNUL(field: "\(field)"))
      }
      return .success(body(Serialization(message)))
    }
    return try result.get()
  }

  /// The message's bytes in wire format. Equal messages give equal bytes.
  public func serialized() throws(EncodingError) -> [UInt8] {
    try serialize { serialization in
      [UInt8](unsafeUninitializedCapacity: serialization.byteCount) { buffer, count in
        serialization.write(into: UnsafeMutableRawBufferPointer(buffer))
        count = serialization.byteCount
      }
    }
  }

  /// Appends the message's bytes.
  public func serialize(into buffer: inout [UInt8]) throws(EncodingError) {
    try serialize { serialization in
      let start = buffer.count
      buffer.append(contentsOf: repeatElement(0, count: serialization.byteCount))
      buffer.withUnsafeMutableBytes { bytes in
        serialization.write(into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
      }
    }
  }
}
