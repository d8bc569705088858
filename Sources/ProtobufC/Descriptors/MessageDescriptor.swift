internal import CProtobufC

/// The schema of one message type: protoc-c's table of it.
public struct MessageDescriptor: Sendable {
  /// How many fields one message type may have: the guard keeps one bit for each.
  static let maximumFields = 64

  // Static, constant data of the generated C code: any thread may read it at any time.
  nonisolated(unsafe) let pointer: UnsafePointer<ProtobufCMessageDescriptor>

  /// For generated code: the descriptor that protoc-c's `init` function of the struct writes.
  public init<C>(_ initialize: (UnsafeMutablePointer<C>?) -> Void) {
    pointer = withUnsafeTemporaryAllocation(of: C.self, capacity: 1) { room in
      initialize(room.baseAddress!)
      let base = UnsafeRawPointer(room.baseAddress!).assumingMemoryBound(to: ProtobufCMessage.self)
      return base.pointee.descriptor
    }
    Self.check(pointer, depth: 1)
  }

  /// The full name, for instance `lockbox.intake.v1.SubmitAccessRequestRequest`.
  public var name: String { String(cString: pointer.pointee.name) }

  /// Holds for everything that protoc-c generates from protos that the generator accepts.
  /// Without `message_init`, protobuf-c 1.4.1 leaves the list of unknown fields uninitialised.
  private static func check(_ type: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int) {
    precondition(depth <= DecodingLimits.standard.maximumDepth, "a message type nests too deep")
    precondition(type.pointee.message_init != nil, "a message type without message_init")
    precondition(type.pointee.n_fields <= maximumFields, "a message type with too many fields")
    for field in UnsafeBufferPointer(start: type.pointee.fields, count: Int(type.pointee.n_fields))
    where field.type == PROTOBUF_C_TYPE_MESSAGE {
      check(
        field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), depth: depth + 1)
    }
  }
}
