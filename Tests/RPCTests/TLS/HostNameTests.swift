internal import TLS
internal import Testing

@testable internal import RPC

@Suite("Host names in certificates", .timeLimit(.minutes(1)))
struct HostNameTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: String
    let names: [ForgedRequest.Name]?
    var commonName: String?

    init(
      _ name: String, _ expected: String, _ names: [ForgedRequest.Name]?,
      commonName: String? = nil
    ) {
      testDescription = name
      self.expected = expected
      self.names = names
      self.commonName = commonName
    }
  }

  @Test(
    "a client refuses a server that does not have the name, whatever that server thinks of SNI",
    arguments: [
      Row("another name", "a.example", [.dns("b.example")]),
      Row("a common name only", "a.example", nil, commonName: "a.example"),
      Row(
        "a common name besides others", "a.example", [.dns("b.example")], commonName: "a.example"),
      Row("an empty list", "a.example", []),
      Row("a URI", "a.example", [.uri("https://a.example")]),
      Row("a mail address", "a.example", [.mail("a.example")]),
      Row("an address that spells the name", "a.example", [.address(Array("a.example".utf8))]),
      Row("a name below", "a.example", [.dns("b.a.example")]),
      Row("a name above", "b.a.example", [.dns("a.example")]),
      Row("a domain with a leading dot", "b.a.example", [.dns(".a.example")]),
      Row("a dot at the end", "a.example", [.dns("a.example.")]),
      Row("a bare wildcard", "localhost", [.dns("*")]),
      Row("a wildcard for a top-level domain", "a.example", [.dns("*.example")]),
      Row("a wildcard for part of a label", "abc.d.example", [.dns("a*.d.example")]),
      Row("a wildcard inside a label", "abc.d.example", [.dns("a*c.d.example")]),
      Row("a wildcard for two labels", "a.b.c.example", [.dns("*.c.example")]),
      Row("a wildcard for no label", "c.d.example", [.dns("*.c.d.example")]),
      Row("a wildcard that is not first", "a.b.d.example", [.dns("a.*.d.example")]),
      Row("an address as host name", "127.0.0.1", [.dns("127.0.0.1")]),
      Row("another address", "127.0.0.1", [.address([127, 0, 0, 2])]),
      Row(
        "an IPv4 address mapped to IPv6", "127.0.0.1",
        [
          .address([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1])
        ]),
    ])
  func refused(_ row: Row) async throws {
    let (error, outcome) = try await call(row)
    let presented = (row.names ?? []).compactMap {
      if case .dns(let name) = $0 { name } else { nil }
    }
    let reason = TLSConnectionError(
      .certificateRefused(.wrongName(expected: row.expected, presented: presented)), at: .client)
    #expect(error?.message.hasSuffix(": \(reason)") == true, "\(String(describing: error))")
    #expect(outcome.alert == 42)
    #expect(outcome.received.isEmpty)
  }

  @Test(
    "a client takes a server that has the name",
    arguments: [
      Row("among others", "a.example", [.dns("b.example"), .dns("a.example")]),
      // RFC 6125 §6.4.1.
      Row("in upper case", "a.example", [.dns("A.EXAMPLE")]),
      Row("a wildcard for the first label", "a.b.example", [.dns("*.b.example")]),
      Row("an address", "127.0.0.1", [.address([127, 0, 0, 1])]),
    ])
  func taken(_ row: Row) async throws {
    #expect(try await call(row).outcome.received.starts(with: CallBytes.preface))
  }

  private func call(_ row: Row) async throws -> (error: RPCError?, outcome: EvilOutcome) {
    let world = try ForgedWorld()
    var request = ForgedWorld.request(.server)
    request.names = row.names
    request.commonName = row.commonName
    let server = try EvilServer(
      EvilSetup(world.root.issue(request)), then: { $0.socket.finish() })
    let error = try await world.call(
      server.port, world.client(), expecting: .hostname(row.expected))
    return (error, try await server.outcome())
  }
}
