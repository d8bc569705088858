/// One service of a .proto file.
public struct ServiceDescriptor: Sendable {
  /// The full name, for instance `lockbox.intake.v1.IntakeService`.
  public let name: String
  /// In the order of the .proto file.
  public let methods: [MethodDescriptor]
  /// The file that declares the service.
  public let file: FileDescriptor

  public init(name: String, methods: [MethodDescriptor], file: FileDescriptor) {
    self.name = name
    self.methods = methods
    self.file = file
  }
}
