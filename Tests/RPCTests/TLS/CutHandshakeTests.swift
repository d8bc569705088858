internal import Logging
internal import TLS
internal import Testing

@testable internal import RPC

@Suite("Handshakes that break off", .timeLimit(.minutes(3)))
struct CutHandshakeTests {
  @Test("after any byte of a client's first flight: nothing runs, and the next client is served")
  func firstFlight() async throws {
    try await cut(flight: 1)
  }

  @Test("after any byte of a client's second flight: nothing runs, and the next client is served")
  func secondFlight() async throws {
    try await cut(flight: 2)
  }

  private func cut(flight number: Int) async throws {
    let world = try ForgedWorld()
    let server = try await BadClientHandshakeTests.server(world)
    let setup = try EvilSetup(world.root.issue(ForgedWorld.request(.client)))
    let port = server.port
    let cuts = try await onThread {
      var length = 0
      var whole = 1
      while length < whole {
        let link = try EvilLink(.connect(to: port), setup, .client)
        var flights = 0
        _ = link.handshake { bytes in
          flights += 1
          guard flights == number else { return bytes }
          whole = bytes.count
          link.socket.send(Array(bytes.prefix(length)))
          return nil
        }
        #expect(flights == number)
        length += 1
      }
      return length
    }
    let good = try await EvilClient.call(port, setup)
    #expect(!good.received.isEmpty)
    try await server.end()
    #expect(cuts > 200)
    #expect(server.counts.handled == 1)
    #expect(server.refusals.isEmpty)
    // One line each at most, for whoever looks for it: a port scan is no reason to wake anybody, and
    // who has gone before it is accepted leaves none.
    let failed = server.log.lines.filter { $0.message == "connection failed" }
    #expect(failed.count <= cuts && failed.count > cuts / 2)
    #expect(failed.allSatisfy { $0.level == .debug })
  }
}
