internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import RPC

@Suite struct HealthTests {
  private func check(_ client: RawClient, _ service: String) async throws -> RawOutcome {
    try await client.call(
      GrpcHealthV1.Health.check.path,
      body: GrpcHealthV1.HealthCheckRequest(service: service).framed())
  }

  private func statuses(
    _ outcome: RawOutcome
  ) throws -> [GrpcHealthV1.HealthCheckResponse.ServingStatus] {
    try decode(GrpcHealthV1.HealthCheckResponse.self, outcome.body).map(\.status)
  }

  @Test("Check tells what was set, and does not know what was not")
  func check() async throws {
    let registry = HealthRegistry(services: ["a"])
    let fixture = try await ServerFixture { $0.addHealth(registry) }
    let client = try await fixture.connect()
    registry.set(.notServing, for: "a")
    #expect(try statuses(try await check(client, "")) == [.serving])
    #expect(try statuses(try await check(client, "a")) == [.notServing])
    #expect(try await check(client, "b").status == .notFound)
    try await fixture.end()
  }

  @Test("List tells all")
  func list() async throws {
    let registry = HealthRegistry(services: ["a"])
    registry.set(.notServing)
    let fixture = try await ServerFixture { $0.addHealth(registry) }
    let client = try await fixture.connect()
    let outcome = try await client.call(GrpcHealthV1.Health.list.path, body: [0, 0, 0, 0, 0])
    let response = try #require(
      decode(GrpcHealthV1.HealthListResponse.self, outcome.body).first)
    #expect(response.statuses.mapValues(\.status) == ["": .notServing, "a": .serving])
    try await fixture.end()
  }

  @Test("Watch tells the status now and after each change, also of a service yet unknown")
  func watch() async throws {
    let registry = HealthRegistry()
    let fixture = try await ServerFixture { $0.addHealth(registry) }
    let client = try await fixture.connect()
    let request = try GrpcHealthV1.HealthCheckRequest(service: "late").framed()
    let call = try await client.start(GrpcHealthV1.Health.watch.path, body: request)
    let length = try GrpcHealthV1.HealthCheckResponse(status: .serving).framed().count
    while call.bodyCount < length { await Task.yield() }
    registry.set(.serving, for: "late")
    registry.set(.serving, for: "late")
    while call.bodyCount < 2 * length { await Task.yield() }
    registry.setAll(.notServing)
    while call.bodyCount < 3 * length { await Task.yield() }
    try await fixture.end()
    #expect(
      try statuses(try await call.outcome()) == [.serviceUnknown, .serving, .notServing])
  }
}

@Suite struct ReflectionTests {
  private typealias Request = GrpcReflectionV1.ServerReflectionRequest
  private typealias Response = GrpcReflectionV1.ServerReflectionResponse

  private func ask(_ questions: [Request.MessageRequest?]) async throws -> [Response] {
    let fixture = try await ServerFixture { router in
      router.addHealth(HealthRegistry())
      router.addReflection(of: [GrpcHealthV1.Health.descriptor])
    }
    let client = try await fixture.connect()
    var body: [UInt8] = []
    for question in questions {
      body += try Request(host: "h", messageRequest: question).framed()
    }
    var answers: [[Response]] = []
    // Both versions have the same messages.
    for path in [
      GrpcReflectionV1.ServerReflection.serverReflectionInfo.path,
      GrpcReflectionV1alpha.ServerReflection.serverReflectionInfo.path,
    ] {
      let outcome = try await client.call(path, body: body)
      #expect(outcome.status == .ok)
      answers.append(try decode(Response.self, outcome.body))
    }
    #expect(answers[0] == answers[1])
    try await fixture.end()
    return answers[0]
  }

  @Test("the services of the listener are listed")
  func list() async throws {
    let answer = try #require(try await ask([.listServices("")]).first)
    guard case .listServicesResponse(let list)? = answer.messageResponse else {
      Issue.record("\(answer)")
      return
    }
    #expect(
      list.service.map(\.name) == [
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
      ])
  }

  @Test("a file is found by its name, a message, a service and a method")
  func files() async throws {
    let answers = try await ask([
      .fileByFilename("grpc/health/v1/health.proto"),
      .fileContainingSymbol("grpc.health.v1.HealthCheckRequest"),
      .fileContainingSymbol("grpc.health.v1.Health"),
      .fileContainingSymbol("grpc.health.v1.Health.Check"),
    ])
    let expected = [GrpcHealthV1.Health.descriptor.file.serialized]
    for answer in answers {
      #expect(
        answer.messageResponse
          == .fileDescriptorResponse(.init(fileDescriptorProto: expected)))
      #expect(answer.originalRequest?.host == "h")
    }
    #expect(answers.count == 4)
  }

  @Test("what there is not is NOT_FOUND, and the conversation goes on")
  func missing() async throws {
    let answers = try await ask([
      .fileByFilename("nope.proto"), .fileContainingSymbol("nope"),
      .fileContainingExtension(.init(containingType: "nope", extensionNumber: 1)),
      .allExtensionNumbersOfType("nope"), nil, .listServices(""),
    ])
    let codes = answers.map { answer -> Int32? in
      if case .errorResponse(let error)? = answer.messageResponse { error.errorCode } else { nil }
    }
    #expect(codes == [5, 5, 5, 5, 3, nil])
  }

  @Test("a file comes with everything that it imports, each once")
  func dependencies() throws {
    let base = FileDescriptor(name: "base", dependencies: [], symbols: ["p.B"], base64: "AA==")
    let left = FileDescriptor(name: "left", dependencies: [base], symbols: [], base64: "AQ==")
    let top = FileDescriptor(
      name: "top", dependencies: [left, base], symbols: ["p.S"], base64: "Ag==")
    let index = ReflectionIndex([ServiceDescriptor(name: "p.S", methods: [], file: top)])
    guard case .files(let files) = index.file(containing: "p.S"),
      case .files(let baseFiles) = index.file(containing: "p.B")
    else {
      Issue.record("not found")
      return
    }
    #expect(files == [[2], [1], [0]])
    #expect(baseFiles == [[0]])
  }
}

private func decode<M: Message>(_ type: M.Type, _ body: [UInt8]) throws -> [M] {
  var reader = MessageReader(maximumBytes: 1 << 20)
  return try body.withUnsafeBytes { bytes in
    var rest = bytes
    var messages: [M] = []
    while !rest.isEmpty, let message = try reader.next(&rest) {
      messages.append(try M(serialized: message))
    }
    return messages
  }
}
