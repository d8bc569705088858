internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Unary calls", .timeLimit(.minutes(2)))
struct UnaryCallTests {
  @Test("request, metadata and deadline arrive; message, metadata and trailers come back")
  func roundTrip() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders([("x-initial", stream.fields["x-asked"] ?? "none")])
      stream.write(stream.body)
      stream.sendStatus(0, [("x-trailing-bin", "q6ur"), ("x-path", stream.fields[":path"] ?? "")])
    }
    var options = CallOptions(timeout: .seconds(20))
    options.metadata["x-asked"] = "this"
    let response = try await fixture.client.unaryResponse(
      EchoService.echo, Note("hello"), options: options)
    #expect(response.message == Note("hello"))
    #expect(response.metadata["x-initial"] == "this")
    #expect(response.trailers["x-path"] == "/test.v1.EchoService/Echo")
    #expect(response.trailers.bytes("x-trailing-bin") == [0xab, 0xab, 0xab])
    try await fixture.end()
  }

  @Test("the header list is what the specification asks for")
  func requestFields() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      stream.sendMessage([])
      stream.sendStatus(0, stream.fields.filter { !$0.key.hasPrefix(":") }.map { ("x-" + $0, $1) })
    }
    var client = RPCClientOptions.impatient
    client.metadataProvider = { method throws(RPCError) in
      ["authorization": "Bearer t0ken", "x-method": method.name]
    }
    let providing = try Fixture.client(of: fixture.server.port, fixture.pki, options: client)
    let response = try await providing.unaryResponse(EchoService.echo, Note())
    let sent = response.trailers
    #expect(sent["x-te"] == "trailers")
    #expect(sent["x-content-type"] == "application/grpc")
    #expect(sent["x-authorization"] == "Bearer t0ken")
    #expect(sent["x-x-method"] == "Echo")
    let timeout = try #require(sent["x-grpc-timeout"].flatMap { CallTimeout.parse($0.utf8) })
    #expect(timeout <= .seconds(30) && timeout > .zero)
    await providing.shutdown(grace: .zero)
    try await fixture.end()
  }

  @Test("a call that is answered is not reset as well")
  func noReset() async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
      stream.echo()
    }
    for _ in 0..<3 { _ = try await fixture.client.unary(EchoService.echo, Note("a")) }
    try await fixture.end()
    for stream in streams.withLock({ $0 }) {
      for await _ in stream.whenClosed {}
      #expect(stream.resetCode.withLock { $0 } == 0)
    }
  }

  @Test("many calls at once share one connection and each gets its own answer")
  func concurrency() async throws {
    let fixture = try await Fixture { $0.echo() }
    let client = fixture.client
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<300 {
        group.addTask {
          (try? await client.unary(EchoService.echo, Note("\(number)"))) == Note("\(number)")
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    #expect(fixture.server.connectionCount == 1)
    #expect(fixture.server.requestCount == 300)
    try await fixture.end()
  }

  @Test("no more streams are open than the server allows; the other calls wait")
  func maximumStreams() async throws {
    var settings = HTTP2Settings.server
    settings.maxConcurrentStreams = 1
    let fixture = try await Fixture(settings: settings) { $0.echo() }
    let client = fixture.client
    try await withThrowingTaskGroup(of: Note.self) { group in
      for number in 0..<20 {
        group.addTask { try await client.unary(EchoService.echo, Note("\(number)")) }
      }
      var answers: Set<String> = []
      for try await note in group { answers.insert(note.typeURL) }
      #expect(answers.count == 20)
    }
    #expect(fixture.server.connectionCount == 1)
    try await fixture.end()
  }

  @Test("more waiting calls than allowed are refused at once")
  func tooManyWaiting() async throws {
    var settings = HTTP2Settings.server
    settings.maxConcurrentStreams = 1
    var options = RPCClientOptions.impatient
    options.maximumWaitingCalls = 1
    let arrived = Signal()
    let fixture = try await Fixture(settings: settings, options: options) { _ in arrived.send() }
    let client = fixture.client
    let running = Task { try await client.unary(EchoService.echo, Note("runs")) }
    await arrived.wait()
    let codes = await withTaskGroup(of: StatusCode?.self) { group in
      for _ in 0..<2 {
        group.addTask {
          do throws(RPCError) { _ = try await client.unary(EchoService.echo, Note("waits")) } catch
          {
            return error.code
          }
          return nil
        }
      }
      let first = await group.next()
      running.cancel()
      group.cancelAll()
      return [first, await group.next()]
    }
    #expect(codes == [.resourceExhausted, .cancelled])
    try await fixture.end()
  }

  @Test("a message of several megabytes passes both ways")
  func large() async throws {
    let fixture = try await Fixture { $0.echo() }
    let note = Note(typeURL: "big", value: (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
    #expect(try await fixture.client.unary(EchoService.echo, note) == note)
    try await fixture.end()
  }

  @Test("a message above the limit is refused with both figures")
  func tooLarge() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      stream.sendMessage([UInt8](repeating: 0, count: 1_001))
    }
    let options = CallOptions(maximumResponseBytes: 1_000)
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note(), options: options)
    }
    #expect(error.code == .resourceExhausted)
    #expect(error.message.contains("1001") && error.message.contains("1000"))
    try await fixture.end()
  }

  @Test("metadata that cannot be sent fails the call before anything is sent")
  func badMetadata() async throws {
    let fixture = try await Fixture { $0.echo() }
    let options = CallOptions(metadata: ["authorization": "Bearer s3cret\n"])
    let error = try await failure { () throws(RPCError) in
      try await fixture.client.unary(EchoService.echo, Note(), options: options)
    }
    #expect(error.message.contains("authorization") && !error.message.contains("s3cret"))
    #expect(fixture.server.connectionCount == 0)
    try await fixture.end()
  }
}
