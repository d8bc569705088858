internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import RPC
internal import ServiceKit
internal import StandardProto
internal import Storage
internal import TestKit
internal import Testing

@Suite("A running service")
struct ServiceTests {
  let installation: TestInstallation
  let service: RunningService

  init() async throws {
    installation = try await TestInstallation()
    let path = installation.directory.file("intake.db")
    service = try await RunningService(
      .intake, in: installation, section: NoSettings.self
    ) { bench, _ in
      let database = try Database(
        at: path, DatabaseOptions(program: "lockbox-intake", applicationID: 7), migrations: [],
        clock: { bench.clock.now().nanoseconds }, onFatal: bench.onFatal)
      var parts = ServiceParts()
      parts.people = .stub(.intake)
      parts.descriptors = [IntakeV1.IntakeService.descriptor]
      parts.database = database
      parts.feed = database.feed
      return parts
    }
  }

  func submit(_ client: RPCClient, _ options: CallOptions = CallOptions()) async -> StatusCode {
    do {
      _ = try await client.unary(
        IntakeV1.IntakeService.submitAccessRequest, .init(), options: options)
      return .ok
    } catch { return error.code }
  }

  @Test("people get in with their token and role, on the people listener only")
  func people() async throws {
    let client = try installation.client(
      of: service.addresses.people, as: nil, expecting: .intake)
    let provider = installation.provider
    #expect(await submit(client) == .unauthenticated)
    #expect(await submit(client, installation.bearer(provider, "a", [.engineer])) == .ok)
    #expect(
      await submit(client, installation.bearer(provider, "a", [.manager])) == .permissionDenied)
    #expect(
      await submit(client, installation.bearer(installation.contoso, "a", [.engineer]))
        == .permissionDenied)
    let error = await #expect(throws: RPCError.self) {
      for try await _ in client.serverStreaming(FeedV1.FeedService.subscribe, .init()) {}
    }
    #expect(error?.code == .unimplemented)
    await client.shutdown()

    let other = try installation.client(
      of: service.addresses.service, as: .approvals, expecting: .intake)
    #expect(
      await submit(other, installation.bearer(provider, "a", [.engineer])) == .unimplemented)
    await other.shutdown()
    try await service.stop()
  }

  @Test("no certificate, no service")
  func noCertificate() async throws {
    let client = try installation.client(
      of: service.addresses.service, as: nil, expecting: .intake)
    let error = await #expect(throws: RPCError.self) {
      try await client.unary(
        GrpcHealthV1.Health.check, .init(), options: CallOptions(timeout: .seconds(10)))
    }
    #expect(error?.code == .unavailable)
    await client.shutdown()
    try await service.stop()
  }

  @Test("health is known to anybody, per service, and whole")
  func health() async throws {
    let client = try installation.client(
      of: service.addresses.people, as: nil, expecting: .intake)
    for name in ["", "lockbox.intake.v1.IntakeService"] {
      let answer = try await client.unary(GrpcHealthV1.Health.check, .init(service: name))
      #expect(answer.status == .serving)
    }
    await client.shutdown()
    try await service.stop()
  }

  @Test("a handler's refusal reaches the caller with its reason")
  func refusal() async throws {
    let client = try installation.client(
      of: service.addresses.people, as: nil, expecting: .intake)
    let options = installation.bearer(installation.provider, "a", [.engineer])
    let error = await #expect(throws: RPCError.self) {
      try await client.unary(
        IntakeV1.IntakeService.getAccessRequest, .init(), options: options)
    }
    #expect(error?.code == .failedPrecondition && error?.reason == "NOT_DUE")
    await client.shutdown()
    try await service.stop()
  }

  @Test("a stop ends streams with UNAVAILABLE and does not wait for them")
  func drain() async throws {
    let client = try installation.client(
      of: service.addresses.people, as: nil, expecting: .intake)
    let options = installation.bearer(installation.provider, "a", [.engineer])
    let stream = client.serverStreaming(
      IntakeV1.IntakeService.watchAccessRequest, .init(), options: options)
    _ = try await stream.metadata
    async let stopped: Void = service.stop()
    let error = await #expect(throws: RPCError.self) { for try await _ in stream {} }
    #expect(error == RPCError(.unavailable, "the service is stopping"))
    try await stopped
    #expect(service.instance.health.status(of: "") == .notServing)
    #expect(installation.log.lines.contains { $0.contains("\"stopped\"") })
    await client.shutdown()
  }
}
