internal import LockboxProto
internal import ProtobufC
internal import StandardProto
internal import TestProto
internal import Testing

@Suite("Descriptors")
struct DescriptorTests {
  static let services = [
    IntakeV1.IntakeService.descriptor, ApprovalsV1.ApprovalsService.descriptor,
    ApprovalsV1.GrantService.descriptor, ApprovalsV1.TenantService.descriptor,
    ApprovalsV1.PolicyService.descriptor, ApprovalsV1.DeadlineService.descriptor,
    ExpiryV1.ExpiryService.descriptor, AuditV1.AuditService.descriptor,
    AuditV1.LogFeedService.descriptor,
    FeedV1.FeedService.descriptor, GrpcHealthV1.Health.descriptor,
    GrpcReflectionV1.ServerReflection.descriptor,
    GrpcReflectionV1alpha.ServerReflection.descriptor, TestingV1.EchoService.descriptor,
  ]

  /// Making a message's descriptor checks that it and all below it have `message_init`, at most 64
  /// fields, and at most 16 levels: no type holds itself.
  @Test("every message of every service is bounded", arguments: services)
  func bounded(_ service: ServiceDescriptor) {
    #expect(!service.methods.isEmpty)
    for method in service.methods {
      #expect(method.service == service.name)
      #expect(method.path == "/\(service.name)/\(method.name)")
      #expect(!method.request.name.isEmpty && !method.response.name.isEmpty)
    }
  }

  @Test("the events and the error details are bounded")
  func details() {
    #expect(EventV1.Event.descriptor.name == "lockbox.event.v1.Event")
    #expect(GoogleRpc.Status.descriptor.name == "google.rpc.Status")
    #expect(GoogleRpc.BadRequest.descriptor.name == "google.rpc.BadRequest")
    #expect(
      GoogleRpc.BadRequest.FieldViolation.descriptor.name
        == "google.rpc.BadRequest.FieldViolation")
  }

  @Test("methods know what streams and what may be repeated")
  func kinds() {
    let echo = TestingV1.EchoService.self
    #expect(echo.echo.kind == .unary)
    #expect(echo.repeat.kind == .serverStreaming)
    #expect(echo.collect.kind == .clientStreaming)
    #expect(echo.converse.kind == .bidirectionalStreaming)
    #expect(echo.echo.idempotency == .idempotent)
    #expect(echo.repeat.idempotency == .noSideEffects)
    #expect(echo.collect.idempotency == .unknown)
    #expect(
      GrpcReflectionV1.ServerReflection.serverReflectionInfo.kind == .bidirectionalStreaming)
    #expect(
      IntakeV1.IntakeService.submitAccessRequest.path
        == "/lockbox.intake.v1.IntakeService/SubmitAccessRequest")
  }

  @Test("a file's descriptor names the file, its imports and its symbols", arguments: services)
  func files(_ service: ServiceDescriptor) throws {
    let file = service.file
    #expect(file.symbols.contains(service.name))
    // FileDescriptorProto: name is field 1 and comes first, then the package.
    #expect(file.serialized.starts(with: Wire.field(1, file.name)))
    for dependency in file.dependencies {
      #expect(contains(file.serialized, Wire.field(3, dependency.name)))
    }
  }

  @Test("Timestamp's file is at the end of the imports")
  func imports() {
    let common = IntakeV1.intakeFile.dependencies.first { $0.name.hasSuffix("common.proto") }
    #expect(
      common?.dependencies.map(\.name) == [
        "google/protobuf/duration.proto", "google/protobuf/timestamp.proto",
      ])
    #expect(GoogleProtobuf.timestampFile.dependencies.isEmpty)
    #expect(GoogleProtobuf.timestampFile.symbols == ["google.protobuf.Timestamp"])
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }
}
