internal import Domain
internal import LogFormats
internal import Outbound
internal import ServiceKit
internal import TestKit
internal import Testing

@testable internal import Export

@Suite struct SyslogSenderTests {
  private struct World {
    let directory = TemporaryDirectory()
    let pki: TestPKI
    let clock = FakeClock()
    let receiver: SyslogReceiver
    let port: Int
    let sender: SyslogSender

    init(host: String = "localhost", strangers: Bool = false) async throws {
      pki = TestPKI(in: directory)
      receiver = try SyslogReceiver(pki)
      port = try await receiver.start()
      let stranger = TemporaryDirectory()
      let client = try SyslogClient(
        authorities: strangers ? TestPKI(in: stranger).authorities : pki.authorities,
        addressGuard: .everything, timeout: .seconds(5))
      sender = SyslogSender(
        Address(host: host, port: port), SyslogFormat(.cef, hostname: "export.example"),
        client: client, clock: clock)
    }

    func send(_ records: [EntryRecord]) async -> SendingResult {
      await sender.send(records, isBeside: false)
    }

    func records(_ indexes: Range<UInt64>) throws -> [EntryRecord] {
      try indexes.map {
        try EntryRecord(index: $0, event: sampleEvent($0 + 1, at: clock.now()), texts: .withheld)
      }
    }

    /// The indexes of what has arrived.
    var arrived: [Int] {
      receiver.messages.compactMap { message in
        message.split(separator: "index=\"").last?.split(separator: "\"").first.flatMap { Int($0) }
      }
    }
  }

  @Test func `Messages arrive in order and whole, on one connection`() async throws {
    let world = try await World()
    #expect(await world.send(try world.records(0..<500)) == .init(delivered: 500))
    #expect(await world.send(try world.records(500..<501)) == .init(delivered: 1))
    #expect(await eventually { world.arrived.count == 501 })
    #expect(world.arrived == Array(0..<501))
    #expect(world.receiver.malformed == 0)
    #expect(world.receiver.connections == 1)
  }

  @Test func `After a break what was sent lately is sent again`() async throws {
    let world = try await World()
    #expect(await world.send(try world.records(0..<3)).delivered == 3)
    // Longer ago than a receiver is allowed to dawdle.
    world.clock.advance(by: .seconds(60))
    #expect(await world.send(try world.records(3..<5)).delivered == 2)
    await world.receiver.stop()
    #expect(
      await eventually {
        let result = await world.send((try? world.records(5..<6)) ?? [])
        return result.resendFrom == 3 && result.delivered == 0
      })
    try await world.receiver.start(port: world.port)
    #expect(await world.send(try world.records(3..<6)) == .init(delivered: 3))
    #expect(await eventually { world.arrived.suffix(3) == [3, 4, 5] })
  }

  @Test func `A receiver that is down fails, and nothing is said to be delivered`() async throws {
    let world = try await World()
    await world.receiver.stop()
    let result = await world.send(try world.records(0..<2))
    #expect(result.delivered == 0)
    guard case .failed = result.failure else {
      Issue.record("\(result)")
      return
    }
  }

  @Test func `A receiver that is not who it should be gets nothing`() async throws {
    // 127.1 leads to 127.0.0.1, which the certificate names, and is another name.
    for world in [try await World(strangers: true), try await World(host: "127.1")] {
      let result = await world.send(try world.records(0..<1))
      #expect(result.delivered == 0)
      #expect(world.receiver.connections == 1)
      #expect(world.receiver.messages.isEmpty)
    }
  }
}
