internal import CProtobufC

extension Arena {
  /// The arena as protobuf-c wants it. Freeing does nothing: the arena is freed as a whole.
  var allocator: ProtobufCAllocator {
    ProtobufCAllocator(
      alloc: { data, size in
        Arena(state: data!.assumingMemoryBound(to: State.self)).allocate(size)
      },
      free: { _, _ in },
      allocator_data: UnsafeMutableRawPointer(state))
  }
}
