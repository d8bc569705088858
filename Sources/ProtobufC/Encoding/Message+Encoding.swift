extension Message {
  /// Lays the message out and hands it to `body`, which knows the exact size before it writes:
  /// straight into the buffer where the bytes belong.
  public func serialize<R>(_ body: (Serialization) -> R) throws(EncodingError) -> R {
    let arena = Arena(budget: .max)
    defer { arena.free() }
    return body(Serialization(try arena.pack(self)))
  }

  /// The message's bytes in wire format. Equal messages give equal bytes.
  public func serialized() throws(EncodingError) -> [UInt8] {
    let arena = Arena(budget: .max)
    defer { arena.free() }
    let serialization = Serialization(try arena.pack(self))
    return [UInt8](unsafeUninitializedCapacity: serialization.byteCount) { buffer, count in
      serialization.write(into: UnsafeMutableRawBufferPointer(buffer))
      count = serialization.byteCount
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

extension Arena {
  /// protoc-c's struct of the message; the strings in it are known to be whole.
  func pack(_ message: some Message) throws(EncodingError) -> UnsafeRawPointer {
    let packable = message.packable(in: self)
    if let field = state.pointee.fieldWithNUL { throw .embeddedNUL(field: "\(field)") }
    return UnsafeRawPointer(packable)
  }
}
