/// A protobuf message as a plain Swift value. Generated structs conform.
///
/// Bytes become a value with `init(serialized:limits:)`, a value becomes bytes with `serialized()`.
public protocol Message: Sendable, Hashable {
  static var descriptor: MessageDescriptor { get }

  /// The message with every field at its default.
  init()

  /// For generated code: copies from protoc-c's struct of this message.
  init(unpacked message: UnsafeRawPointer)

  /// For generated code: protoc-c's struct of this message, in the arena's memory.
  func packable(in arena: Arena) -> UnsafeMutableRawPointer
}
