internal import StandardProto
internal import Testing

@testable internal import RPC

/// Answers that are not as they should be, and the errors that they become.
@Suite("Odd answers", .timeLimit(.minutes(2)))
struct OddAnswerTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let code: StatusCode
    let words: String
    let script: ScriptedServer.Script

    init(
      _ description: String, _ code: StatusCode, _ words: String,
      _ script: @escaping ScriptedServer.Script
    ) {
      testDescription = description
      self.code = code
      self.words = words
      self.script = script
    }
  }

  static let cases = [
    Case("a status with a message", .notFound, "no ☺ here") {
      $0.sendHeaders(
        [("grpc-status", "5"), ("grpc-message", "no %E2%98%BA here")], endStream: true)
    },
    Case("no grpc-status", .unknown, "without a grpc-status") {
      $0.sendHeaders()
      $0.sendMessage([])
      $0.finish()
    },
    Case("a malformed grpc-status", .unknown, "'five'") {
      $0.sendHeaders([("grpc-status", "five")], endStream: true)
    },
    Case("a grpc-status beyond the known ones", .unknown, "") {
      $0.sendHeaders([("grpc-status", "99")], endStream: true)
    },
    Case("HTTP 503 of a proxy", .unavailable, "HTTP status 503") {
      $0.sendHeaders(status: "503", type: "text/html")
      $0.write(Array("<html>".utf8))
      $0.finish()
    },
    Case("HTTP 404", .unimplemented, "HTTP status 404") {
      $0.sendHeaders(status: "404", type: "text/plain", endStream: true)
    },
    Case("another content type", .unknown, "'text/html', not gRPC") {
      $0.sendHeaders(type: "text/html")
      $0.write(Array("<html>".utf8))
      $0.finish()
    },
    Case("success without a message", .unimplemented, "no message") {
      $0.sendHeaders([("grpc-status", "0")], endStream: true)
    },
    Case("two messages", .unimplemented, "two messages") {
      $0.sendHeaders()
      $0.sendMessage([])
      $0.sendMessage([])
      $0.sendStatus(0)
    },
    Case("an end within a message", .internal, "within a message") {
      $0.sendHeaders()
      $0.write([0, 0, 0, 0, 9, 1, 2])
      $0.sendStatus(0)
    },
    Case("a compressed message", .internal, "compressed with snappy") {
      $0.sendHeaders([("grpc-encoding", "snappy")])
      $0.write([1, 0, 0, 0, 1, 2])
      $0.sendStatus(0)
    },
    Case("an invalid flag", .internal, "invalid flag 7") {
      $0.sendHeaders()
      $0.write([7, 0, 0, 0, 1, 2])
      $0.sendStatus(0)
    },
    Case("bytes that are no message", .internal, "cannot be decoded") {
      $0.sendHeaders()
      $0.sendMessage([0xff, 0xff])
      $0.sendStatus(0)
    },
    Case("rst_after_header", .internal, "INTERNAL_ERROR") {
      $0.sendHeaders()
      $0.reset(.internalError)
    },
    Case("rst_during_data", .cancelled, "CANCEL") {
      $0.sendHeaders()
      $0.write([0, 0, 0, 0, 9, 1])
      $0.reset(.cancel)
    },
    Case("rst without an answer", .resourceExhausted, "ENHANCE_YOUR_CALM") {
      $0.reset(.enhanceYourCalm)
    },
  ]

  @Test("each becomes an error that says what happened", arguments: cases)
  func error(odd: Case) async throws {
    let fixture = try await Fixture(script: odd.script)
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == odd.code)
    #expect(error.message.contains(odd.words), "\(error)")
    try await fixture.end()
  }

  @Test("a connection survives each of them", arguments: cases)
  func survival(odd: Case) async throws {
    let fixture = try await Fixture { stream in
      if stream.number == 1 { odd.script(stream) } else { stream.echo() }
    }
    _ = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(try await fixture.client.unary(EchoService.echo, Note("next")) == Note("next"))
    #expect(fixture.server.connectionCount == 1)
    try await fixture.end()
  }

  @Test("rst_after_data: a reset after the trailers changes nothing")
  func resetAfterEnd() async throws {
    let fixture = try await Fixture { stream in
      stream.echo()
      stream.reset(.noError)
    }
    // Either the answer is complete, or the reset overtook it: never anything else.
    do throws(RPCError) {
      #expect(try await fixture.client.unary(EchoService.echo, Note("a")) == Note("a"))
    } catch {
      #expect(error.code == .internal)
    }
    try await fixture.end()
  }

  @Test("details of an error are decoded, and unknown ones kept")
  func details() async throws {
    let details: [ErrorDetail] = [
      .badRequest([FieldViolation(field: "a.b[1]", description: "is too long", reason: "LONG")]),
      .errorInfo(reason: "REQUEST_EXPIRED", domain: "lockbox", metadata: ["state": "EXPIRED"]),
      .retryInfo(.milliseconds(1_500)),
      .other(typeURL: "type.googleapis.com/test.Unknown", bytes: [1, 2, 3]),
    ]
    let sent = RPCError(.failedPrecondition, "too late", details: details)
    let wire = Base64.encode(try #require(sent.statusDetails))
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      stream.sendStatus(
        9, [("grpc-message", "too late"), ("grpc-status-details-bin", wire), ("x-more", "1")])
    }
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note())
    }
    #expect(error.code == .failedPrecondition)
    #expect(error.message == "too late")
    #expect(error.details == details)
    #expect(error.trailers["x-more"] == "1")
    try await fixture.end()
  }
}
