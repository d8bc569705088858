internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("More than a listener may have") struct CrowdTests {
  private func fixture(
    _ record: DefenceRecord, release: Gate? = nil, _ change: (inout ServerLimits) -> Void
  ) async throws -> ServerFixture {
    var limits = ServerLimits.patient
    change(&limits)
    return try await ServerFixture(limits: limits, metrics: record, logger: record.logger) {
      $0.unary(TestService.echo) { request, _ in
        if request.typeURL == "wait" { await release?.wait() }
        return request
      }
    }
  }

  private func silentPeer(_ fixture: ServerFixture) async throws -> any Channel {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: fixture.port).get()
  }

  @Test("of those that say nothing the oldest makes room")
  func silentPeers() async throws {
    let record = DefenceRecord()
    let fixture = try await fixture(record) { $0.unprovenConnections = 2 }
    let first = try await silentPeer(fixture)
    await fixture.waitUntilEntered(1)
    let others = [try await silentPeer(fixture), try await silentPeer(fixture)]
    try await first.closeFuture.get()
    #expect(others.allSatisfy { $0.isActive })
    #expect(record.counted == [.unproven])
    #expect(record.logged == [Defence.unproven.rawValue])
    for other in others { try? await other.close().get() }
    try await fixture.end()
  }

  @Test("whoever has finished its handshake and made no call is told to go")
  func idlePeer() async throws {
    let record = DefenceRecord()
    let fixture = try await fixture(record) { $0.unprovenConnections = 1 }
    let idle = try await fixture.connect(anonymous: true)
    let next = try await silentPeer(fixture)
    try await idle.waitUntilClosed()
    #expect(idle.connection.goAways.withLock { $0.map(\.code) } == [.enhanceYourCalm])
    #expect(record.counted == [.unproven])
    #expect(record.logged == [Defence.unproven.rawValue])
    try? await next.close().get()
    try await fixture.end()
  }

  @Test("whoever has made a call or shown a certificate stays")
  func provenPeers() async throws {
    let record = DefenceRecord()
    let fixture = try await fixture(record) { $0.unprovenConnections = 1 }
    let caller = try await fixture.connect(anonymous: true)
    #expect(try await caller.call(TestService.echo.path, body: framed("a")).status == .ok)
    let known = try await fixture.connect()
    var silent = try await silentPeer(fixture)
    await fixture.waitUntilEntered(3)
    for _ in 0..<2 {
      let next = try await silentPeer(fixture)
      try await silent.closeFuture.get()
      silent = next
    }
    for client in [caller, known] {
      #expect(try await client.call(TestService.echo.path, body: framed("b")).status == .ok)
      await client.close()
    }
    #expect(record.counted == [.unproven, .unproven])
    try? await silent.close().get()
    try await fixture.end()
  }

  @Test("calls beyond the listener's handlers are refused, told of once, and no connection ends")
  func handlers() async throws {
    let record = DefenceRecord()
    let release = Gate()
    let fixture = try await fixture(record, release: release) { $0.listenerHandlers = 1 }
    let clients = [try await fixture.connect(), try await fixture.connect()]
    let running = try await clients[0].start(TestService.echo.path, body: framed("wait"))
    while record.started == 0 { await Task.yield() }
    for _ in 0..<3 {
      let refused = try await clients[1].call(TestService.echo.path, body: framed("b"))
      #expect(refused.status == .resourceExhausted)
      #expect(refused["grpc-status-details-bin"] != nil)
    }
    #expect(record.counted == [.handlers])
    #expect(record.logged == [Defence.handlers.rawValue])
    release.open()
    #expect(try await running.outcome().status == .ok)
    #expect(try await clients[1].call(TestService.echo.path, body: framed("c")).status == .ok)
    for client in clients { await client.close() }
    try await fixture.end()
  }
}
