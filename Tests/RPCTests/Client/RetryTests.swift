internal import ProtobufC
internal import StandardProto
internal import Testing

@testable internal import RPC

@Suite("Repeating calls", .timeLimit(.minutes(2)))
struct RetryTests {
  @Test("goaway: a call above the last stream goes to a new connection, unseen by the caller")
  func goAway() async throws {
    let fixture = try await Fixture { stream in
      if stream.number == 2 {
        stream.connection.sendGoAway(lastStream: stream.id - 2)
      } else {
        stream.echo()
      }
    }
    #expect(try await fixture.client.unary(EchoService.echo, Note("1")) == Note("1"))
    #expect(try await fixture.client.unary(EchoService.echo, Note("2")) == Note("2"))
    #expect(fixture.server.requestCount == 3)
    #expect(fixture.server.connectionCount == 2)
    try await fixture.end()
  }

  @Test("goaway: a call at or below the last stream ends on the old connection")
  func goAwayDrains() async throws {
    let fixture = try await Fixture { stream in
      if stream.number == 1 { stream.connection.sendGoAway(lastStream: stream.id) }
      stream.echo()
    }
    #expect(try await fixture.client.unary(EchoService.echo, Note("1")) == Note("1"))
    #expect(try await fixture.client.unary(EchoService.echo, Note("2")) == Note("2"))
    #expect(fixture.server.requestCount == 2)
    #expect(fixture.server.connectionCount == 2)
    try await fixture.end()
  }

  @Test("a refused stream is repeated, but not for ever")
  func refused() async throws {
    let fixture = try await Fixture { stream in
      if stream.fields[":path"] == EchoService.read.path || stream.number < 3 {
        stream.reset(.refusedStream)
      } else {
        stream.echo()
      }
    }
    #expect(try await fixture.client.unary(EchoService.echo, Note("a")) == Note("a"))
    #expect(fixture.server.requestCount == 3)
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.read, Note())
    }
    #expect(error.code == .unavailable)
    // The first refusal does not count.
    let attempts = RPCClientOptions.impatient.retry.maximumAttempts + 1
    #expect(fixture.server.requestCount == 3 + attempts)
    try await fixture.end()
  }

  @Test("unavailable: an idempotent call is repeated, another one is not")
  func unavailable() async throws {
    let fixture = try await Fixture { stream in
      if stream.number % 2 == 1 {
        stream.sendHeaders([("grpc-status", "14"), ("grpc-message", "busy")], endStream: true)
      } else {
        stream.echo()
      }
    }
    #expect(try await fixture.client.unary(EchoService.read, Note("a")) == Note("a"))
    #expect(fixture.server.requestCount == 2)
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error == RPCError(.unavailable, "busy"))
    #expect(fixture.server.requestCount == 3)
    try await fixture.end()
  }

  @Test("an answer that has begun is never repeated")
  func committed() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      stream.sendStatus(14)
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.read, Note())
    }
    #expect(error.code == .unavailable)
    #expect(fixture.server.requestCount == 1)
    try await fixture.end()
  }

  @Test("no attempt is made that would come after the deadline")
  func retryDelay() async throws {
    let delay = RPCError(.unavailable, "busy", details: [.retryInfo(.seconds(3_600))])
    let wire = Base64.encode(try #require(delay.statusDetails))
    let fixture = try await Fixture { stream in
      stream.sendHeaders(
        [("grpc-status", "14"), ("grpc-status-details-bin", wire)], endStream: true)
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.read, Note())
    }
    #expect(error.code == .unavailable && error.retryDelay == .seconds(3_600))
    #expect(fixture.server.requestCount == 1)
    try await fixture.end()
  }

  @Test("a dropped connection: an idempotent call is repeated, another one fails and says why")
  func dropped() async throws {
    let fixture = try await Fixture { stream in
      if stream.number % 2 == 1 { stream.connection.drop() } else { stream.echo() }
    }
    #expect(try await fixture.client.unary(EchoService.read, Note("a")) == Note("a"))
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable)
    #expect(error.message.hasPrefix("lost the connection to approvals at 127.0.0.1:"), "\(error)")
    #expect(fixture.server.requestCount == 3)
    #expect(try await fixture.client.unary(EchoService.echo, Note("b")) == Note("b"))
    try await fixture.end()
  }

  @Test("garbage from the server ends the connection, and the next call has a new one")
  func garbage() async throws {
    let fixture = try await Fixture { stream in
      if stream.number == 1 {
        stream.connection.sendRaw([UInt8](repeating: 0xff, count: 64))
      } else {
        stream.echo()
      }
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .unavailable || error.code == .internal, "\(error)")
    #expect(try await fixture.client.unary(EchoService.echo, Note("b")) == Note("b"))
    #expect(fixture.server.connectionCount == 2)
    try await fixture.end()
  }

  @Test("ping: the server's PINGs are answered while a call runs")
  func ping() async throws {
    let fixture = try await Fixture { stream in
      for number in 0..<UInt64(20) { stream.connection.session.ping(number) }
      stream.echo()
    }
    #expect(try await fixture.client.unary(EchoService.echo, Note("a")) == Note("a"))
    try await fixture.end()
  }
}
