internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Client-streaming calls", .timeLimit(.minutes(2)))
struct ClientStreamingTests {
  /// Counts the requests and their bytes.
  private static func sum(_ router: inout Router) {
    router.clientStreaming(EchoService.gather) { requests, context in
      context.response.addHeader("i", for: "x-initial")
      context.response.addTrailer("t", for: "x-trailer")
      var count = 0
      var bytes = 0
      for try await note in requests {
        count += 1
        bytes += note.value.count
      }
      return Note("\(count) messages, \(bytes) bytes")
    }
  }

  @Test("every message arrives, and the answer comes back with metadata and trailers")
  func sums() async throws {
    let pair = try await Pair { Self.sum(&$0) }
    let call = pair.client.clientStreaming(EchoService.gather)
    for size in [27_182, 8, 1_828, 45_904] {
      #expect(try await call.requests.send(Note(bytes: size)))
    }
    call.requests.finish()
    #expect(try await call.response == Note("4 messages, 74922 bytes"))
    #expect(try await call.response == Note("4 messages, 74922 bytes"), "the answer is kept")
    #expect(try await call.metadata["x-initial"] == "i")
    #expect(call.trailers?["x-trailer"] == "t")
    try await pair.end()
  }

  @Test("a call without a request is a call")
  func empty() async throws {
    let pair = try await Pair { Self.sum(&$0) }
    let answer = try await pair.client.clientStreaming(EchoService.gather) { _ in }
    #expect(answer == Note("0 messages, 0 bytes"))
    try await pair.end()
  }

  @Test("100,000 small messages pass, and several tasks may send at once")
  func many() async throws {
    let pair = try await Pair { Self.sum(&$0) }
    let answer = try await pair.client.clientStreaming(EchoService.gather) { requests in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<25_000 { try await requests.send(Note(bytes: 2)) }
          }
        }
        try await group.waitForAll()
      }
    }
    #expect(answer == Note("100000 messages, 200000 bytes"))
    try await pair.end()
  }

  @Test("what the closure throws cancels the call and comes back")
  func thrown() async throws {
    struct Odd: Error {}
    let streams = Mutex<[ScriptedStream]>([])
    let opened = Signal()
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
      opened.send()
    } script: { _ in
    }
    await #expect(throws: Odd.self) {
      try await fixture.client.clientStreaming(EchoService.gather) { requests in
        try await requests.send(Note("a"))
        await opened.wait()
        throw Odd()
      }
    }
    let stream = try #require(streams.withLock { $0.first })
    for await _ in stream.whenClosed {}
    #expect(stream.resetCode.withLock { $0 } == HTTP2ErrorCode.cancel.rawValue)
    try await fixture.end()
  }

  @Test("an error in the middle reaches the sender and the reader alike")
  func errorMid() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders([("grpc-status", "9"), ("grpc-message", "enough")], endStream: true)
    } script: { _ in
    }
    let call = fixture.client.clientStreaming(EchoService.gather)
    let expected = RPCError(.failedPrecondition, "enough")
    let error = try await failure { () throws(RPCError) in
      while true { try await call.requests.send(Note(bytes: 1_000)) }
    }
    #expect(error == expected)
    #expect(try await failure { () throws(RPCError) in try await call.response } == expected)
    try await fixture.end()
  }

  @Test("a server that answers early ends the sending; the rest is not sent, nothing is an error")
  func early() async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
      stream.sendHeaders()
      stream.sendMessage((try? Note("enough").serialized()) ?? [])
      stream.sendStatus(0)
    } script: { _ in
    }
    let call = fixture.client.clientStreaming(EchoService.gather)
    while try await call.requests.send(Note(bytes: 1_000)) {}
    #expect(try await call.response == Note("enough"))
    call.requests.finish()
    let stream = try #require(streams.withLock { $0.first })
    for await _ in stream.whenClosed {}
    #expect(stream.resetCode.withLock { $0 } == HTTP2ErrorCode.noError.rawValue)
    try await fixture.end()
  }

  @Test("no message or two in answer are UNIMPLEMENTED", arguments: [0, 2])
  func cardinality(count: Int) async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      for _ in 0..<count { stream.sendMessage([]) }
      stream.sendStatus(0)
    }
    let error = try await #require(throws: RPCError.self) {
      try await fixture.client.clientStreaming(EchoService.gather) { try await $0.send(Note()) }
    }
    #expect(error.code == .unimplemented, "\(error)")
    try await fixture.end()
  }

  @Test("a message after the end of the requests is refused to its sender; the call goes on")
  func afterEnd() async throws {
    let pair = try await Pair { Self.sum(&$0) }
    let call = pair.client.clientStreaming(EchoService.gather)
    try await call.requests.send(Note(bytes: 1))
    call.requests.finish()
    call.requests.finish()
    let error = try await failure { () throws(RPCError) in try await call.requests.send(Note()) }
    #expect(error.code == .internal)
    #expect(try await call.response == Note("1 messages, 1 bytes"))
    try await pair.end()
  }

  @Test("bad metadata fails the sender and the reader before anything is sent")
  func badMetadata() async throws {
    let fixture = try await Fixture { _ in }
    let call = fixture.client.clientStreaming(
      EchoService.gather, options: CallOptions(metadata: ["grpc-status": "0"]))
    let sending = try await failure { () throws(RPCError) in
      try await call.requests.send(Note())
    }
    #expect(sending.code == .internal && sending.message.contains("grpc-status"))
    #expect(try await failure { () throws(RPCError) in try await call.response } == sending)
    #expect(fixture.server.connectionCount == 0)
    try await fixture.end()
  }
}
