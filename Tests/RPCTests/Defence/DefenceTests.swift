internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import RawHTTP2
internal import StandardProto
internal import TLS
internal import Testing

@testable internal import RPC

@Suite struct DefenceTests {
  @Test("a flood ends its connection, is counted and logged once", arguments: Attack.allFloods)
  func flood(_ attack: Attack) async throws { try await expectDefence(against: attack) }

  @Test("a header list without measure ends its connection", arguments: Attack.headerLists)
  func headerList(_ attack: Attack) async throws { try await expectDefence(against: attack) }

  @Test("whoever begins and does not go on is not waited for", arguments: Attack.slowWriters)
  func slowWriter(_ attack: Attack) async throws { try await expectDefence(against: attack) }

  @Test("whoever takes nothing is not kept", arguments: Attack.slowReaders)
  func slowReader(_ attack: Attack) async throws { try await expectDefence(against: attack) }

  private func expectDefence(against attack: Attack) async throws {
    let record = DefenceRecord()
    let fixture = try await fixture(attack.limits, record)
    let peer = try await RawPeer.connect(
      port: fixture.port, tls: ServerPKI.shared.get().client,
      expecting: .uri(ServerPKI.serverURI), within: .seconds(30))
    // The server may have ended the connection before all is sent.
    try? await attack.perform(peer)
    var codes: [ErrorCode] = []
    if attack.code == nil {
      // Reads nothing: only the server can end this.
      while record.counted.isEmpty { await Task.yield() }
      try await peer.setReading(true)
    }
    for await event in peer.events {
      #expect(event != .timedOut)
      if case .frame(let frame) = event, let code = frame.errorCode, frame.kind == .goAway {
        codes.append(code)
      }
    }
    if let code = attack.code { #expect(codes.last == code) }
    #expect(record.counted == [attack.defence])
    #expect(record.logged == [attack.defence.rawValue])
    // Nobody else noticed; but the times of slow attacks are too short for an honest client.
    let patient = ServerLimits.patient
    if attack.limits.requestTimeout == patient.requestTimeout,
      attack.limits.prefaceTimeout == patient.prefaceTimeout
    {
      let other = try await fixture.connect()
      let outcome = try await other.call("/none/None", body: [])
      #expect(outcome.status == .unimplemented || attack.limits.runningHandlers == 0)
      await other.close()
    }
    try await fixture.end()
  }

  private func fixture(
    _ limits: ServerLimits, _ record: DefenceRecord
  ) async throws -> ServerFixture {
    try await ServerFixture(limits: limits, metrics: record, logger: record.logger) { router in
      router.unary(TestService.echo) { request, _ in request }
      router.serverStreaming(TestService.count) { _, responses, _ in
        let large = Text(typeURL: "", value: [UInt8](repeating: 7, count: 60_000))
        while true { try await responses.send(large) }
      }
    }
  }

  @Test("a TLS handshake that does not go on is ended")
  func slowHandshake() async throws {
    let record = DefenceRecord()
    var limits = ServerLimits()
    limits.handshakeTimeout = .milliseconds(50)
    let fixture = try await fixture(limits, record)
    let silent = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: fixture.port).get()
    try await silent.closeFuture.get()
    #expect(record.counted == [.slowHandshake])
    #expect(record.logged == [Defence.slowHandshake.rawValue])
    try await fixture.end()
  }

  @Test("a connection beyond the listener's number is closed before TLS")
  func connections() async throws {
    let record = DefenceRecord()
    var limits = ServerLimits()
    limits.connections = 1
    let fixture = try await fixture(limits, record)
    let first = try await fixture.connect()
    for _ in 0..<2 {
      await #expect(throws: (any Error).self) { _ = try await fixture.connect() }
    }
    #expect(record.counted == [.connections, .connections])
    #expect(record.logged == record.counted.map(\.rawValue))
    await first.close()
    try await fixture.end()
  }

  @Test("a connection beyond its identity's number is closed")
  func connectionsPerIdentity() async throws {
    let record = DefenceRecord()
    var limits = ServerLimits()
    limits.connectionsPerIdentity = 1
    let fixture = try await fixture(limits, record)
    let first = try await fixture.connect()
    await #expect(throws: (any Error).self) { _ = try await fixture.connect() }
    #expect(record.counted == [.connectionsPerIdentity])
    #expect(record.logged == [Defence.connectionsPerIdentity.rawValue])
    await first.close()
    try await fixture.end()
  }

  @Test("the log is not flooded either: the next line tells how much went without one")
  func logBudget() {
    let lines = LogBudget(EventRate(count: 2, per: .seconds(600)))
    #expect((0..<4).map { _ in lines.spend() } == [0, 0, nil, nil])
    let refilling = LogBudget(EventRate(count: 1, per: .nanoseconds(1)))
    #expect(refilling.spend() == 0)
  }

  @Test("handshakes that come too fast wait, and are not refused")
  func handshakes() async throws {
    let record = DefenceRecord()
    var limits = ServerLimits()
    limits.handshakes = EventRate(count: 2, per: .milliseconds(100))
    let fixture = try await fixture(limits, record)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for _ in 0..<20 {
        tasks.addTask { await (try fixture.connect()).close() }
      }
      try await tasks.waitForAll()
    }
    #expect(record.counted == [.handshakes])
    #expect(record.logged == [Defence.handshakes.rawValue])
    try await fixture.end()
  }
}
