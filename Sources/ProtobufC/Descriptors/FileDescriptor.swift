/// One .proto file, for server reflection.
public struct FileDescriptor: Sendable {
  /// The path as imports name it, for instance `lockbox/intake/v1/intake.proto`.
  public let name: String
  /// The files that it imports, in its order.
  public let dependencies: [FileDescriptor]
  /// Full names of the messages, enums and services that it declares, nested ones too.
  public let symbols: [String]
  /// The serialised `google.protobuf.FileDescriptorProto`, without source information.
  public let serialized: [UInt8]

  /// For generated code. `base64` must be valid.
  public init(name: String, dependencies: [FileDescriptor], symbols: [String], base64: String) {
    self.name = name
    self.dependencies = dependencies
    self.symbols = symbols
    serialized = Base64.decode(base64)!
  }
}
