internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite struct CallTests {
  @Test("metadata goes in and comes out, text and bytes")
  func metadata() async throws {
    let seen = Mutex(Metadata())
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { request, context in
        seen.withLock { $0 = context.metadata }
        context.response.addHeader("head", for: "x-head")
        var trailers = Metadata()
        trailers.add([0, 255, 7], for: "x-tail-bin")
        context.response.addTrailers(trailers)
        return request
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.echo.path,
      fields: [("x-text", "a"), ("x-text", "b"), ("x-raw-bin", "AP8"), ("grpc-tags-bin", "AA")],
      body: framed(""))
    let metadata = seen.withLock { $0 }
    #expect(metadata.all("x-text") == ["b"] || metadata.all("x-text") == ["a", "b"])
    #expect(metadata.bytes("x-raw-bin") == [0, 255])
    #expect(metadata.map(\.name).allSatisfy { !Metadata.isReserved($0) })
    #expect(outcome.headers.contains { $0 == ("x-head", "head") })
    #expect(outcome.trailers.contains { $0 == ("x-tail-bin", "AP8H") })
    try await fixture.end()
  }

  @Test("an error carries its message, details and trailers, and no response")
  func error() async throws {
    let details: [ErrorDetail] = [
      .badRequest([FieldViolation(field: "a.b[1]", description: "is wrong")]),
      .errorInfo(reason: "CLOSED", domain: "test", metadata: ["k": "v"]),
      .retryInfo(.milliseconds(1500)),
    ]
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { _, _ in
        throw RPCError(
          .failedPrecondition, "100 % ☺\n", details: details, trailers: ["x-why": "closed"])
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(TestService.echo.path, body: framed(""))
    #expect(outcome.status == .failedPrecondition)
    #expect(outcome.message == "100 % ☺\n")
    #expect(outcome["x-why"] == "closed")
    #expect(outcome.body.isEmpty)
    #expect(outcome.trailers.isEmpty, "an answer without messages is one header list")
    let bytes = try #require(outcome["grpc-status-details-bin"].flatMap { Base64.decode($0.utf8) })
    #expect(ErrorDetail.decode(bytes) == details)
    try await fixture.end()
  }

  @Test("what is no RPCError is told to nobody but the log")
  func unknownError() async throws {
    struct Secret: Error {}
    let fixture = try await ServerFixture { router in
      router.unary(TestService.echo) { _, _ in throw Secret() }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(TestService.echo.path, body: framed(""))
    #expect(outcome.status == .internal)
    #expect(outcome.message == "internal error")
    try await fixture.end()
  }

  @Test("a stream ends with its status, also after messages")
  func streaming() async throws {
    let fixture = try await ServerFixture { router in
      router.serverStreaming(TestService.count) { request, responses, _ in
        for index in 0..<3 { try await responses.send(Text(text: "\(index)")) }
        if request.typeURL == "fail" { throw RPCError(.dataLoss, "gap") }
      }
    }
    let client = try await fixture.connect()
    for (text, status) in [("", StatusCode.ok), ("fail", .dataLoss)] {
      let outcome = try await client.call(TestService.count.path, body: framed(text))
      #expect(outcome.status == status)
      #expect(try outcome.messages().map(\.typeURL) == ["0", "1", "2"])
    }
    try await fixture.end()
  }

  @Test("requests are gathered to their end, and answered once")
  func clientStreaming() async throws {
    let fixture = try await ServerFixture { router in
      router.clientStreaming(TestService.gather) { requests, _ in
        var all = ""
        for try await request in requests { all += request.typeURL }
        return Text(text: all)
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.gather.path, body: framed("a") + framed("b") + framed("c"))
    #expect(outcome.status == .ok)
    #expect(try outcome.messages().map(\.typeURL) == ["abc"])
    try await fixture.end()
  }

  @Test("both sides stream in turn")
  func bidirectional() async throws {
    let fixture = try await ServerFixture { router in
      router.bidirectional(TestService.chat) { requests, responses, _ in
        try await responses.sendHeaders()
        for try await request in requests { try await responses.send(request) }
      }
    }
    let client = try await fixture.connect()
    let call = try await client.start(TestService.chat.path, end: false)
    try await call.waitForHeaders()
    for index in 0..<5 { try await call.send(framed("\(index)")) }
    try await call.send(framed("end"), end: true)
    let outcome = try await call.outcome()
    #expect(outcome.status == .ok)
    #expect(try outcome.messages().map(\.typeURL) == ["0", "1", "2", "3", "4", "end"])
    try await fixture.end()
  }

  @Test("a malformed message in a stream reaches its reader as an error")
  func malformedInStream() async throws {
    let fixture = try await ServerFixture { router in
      router.bidirectional(TestService.chat) { requests, responses, _ in
        for try await request in requests { try await responses.send(request) }
      }
    }
    let client = try await fixture.connect()
    let outcome = try await client.call(
      TestService.chat.path, body: framed("a") + [0, 0, 0, 0, 2, 255, 255])
    #expect(outcome.status == .invalidArgument)
    try await fixture.end()
  }
}
