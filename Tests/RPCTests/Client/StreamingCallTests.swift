internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Server-streaming calls", .timeLimit(.minutes(2)))
struct StreamingCallTests {
  private static func sendNumbers(_ count: Int, on stream: ScriptedStream) {
    stream.sendHeaders([("x-initial", "i")])
    for number in 0..<count { stream.sendMessage((try? Note("\(number)").serialized()) ?? []) }
    stream.sendStatus(0, [("x-trailer", "t")])
  }

  @Test("all messages come in order, then the end; metadata and trailers are there")
  func order() async throws {
    let fixture = try await Fixture { Self.sendNumbers(10_000, on: $0) }
    let responses = fixture.client.serverStreaming(EchoService.watch, Note())
    #expect(try await responses.metadata["x-initial"] == "i")
    var next = 0
    for try await note in responses {
      guard note.typeURL == "\(next)" else { break }
      next += 1
    }
    #expect(next == 10_000)
    #expect(responses.trailers?["x-trailer"] == "t")
    try await fixture.end()
  }

  @Test("messages before an error are delivered, then the error")
  func error() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      stream.sendMessage([])
      stream.sendStatus(10, [("grpc-message", "in the middle")])
    }
    var iterator = fixture.client.serverStreaming(EchoService.watch, Note()).makeAsyncIterator()
    #expect(try await iterator.next() == Note())
    await #expect(throws: RPCError(.aborted, "in the middle")) { try await iterator.next() }
    try await fixture.end()
  }

  @Test("a reader that does not read holds the server at one window, and other calls go on")
  func backPressure() async throws {
    let count = 4_000
    let message = try Note(typeURL: "", value: [UInt8](repeating: 7, count: 1_000)).serialized()
    let total = count * (5 + message.count)
    let held = Mutex<ScriptedStream?>(nil)
    let fixture = try await Fixture { stream in
      if stream.fields[":path"] == EchoService.watch.path {
        held.withLock { $0 = stream }
        stream.sendHeaders()
        for _ in 0..<count { stream.sendMessage(message) }
        stream.sendStatus(0)
      } else {
        // Tells what has left of the stream: both are on this connection's loop.
        let left = held.withLock { total - ($0?.queuedBytes ?? total) }
        stream.sendHeaders([("x-left", "\(left)")])
        stream.write(stream.body)
        stream.sendStatus(0)
      }
    }
    let responses = fixture.client.serverStreaming(EchoService.watch, Note())
    func bytesLeft() async throws -> Int {
      let response = try await fixture.client.unaryResponse(EchoService.echo, Note())
      return try #require(response.metadata["x-left"].flatMap(Int.init))
    }
    let window = Int(HTTP2Settings.client.streamWindow)
    while try await bytesLeft() < window / 2 {}
    for _ in 0..<50 { #expect(try await bytesLeft() <= window) }
    var read = 0
    for try await note in responses where note.value.count == 1_000 { read += 1 }
    #expect(read == count)
    try await fixture.end()
  }

  @Test("a message larger than the window arrives")
  func largeMessage() async throws {
    let fixture = try await Fixture { stream in
      stream.sendHeaders()
      for length in [1, 600_000, 1, 300_000] {
        let value = [UInt8](repeating: 7, count: length)
        stream.sendMessage((try? Note(typeURL: "", value: value).serialized()) ?? [])
      }
      stream.sendStatus(0)
    }
    var lengths: [Int] = []
    for try await note in fixture.client.serverStreaming(EchoService.watch, Note()) {
      lengths.append(note.value.count)
    }
    #expect(lengths == [1, 600_000, 1, 300_000])
    try await fixture.end()
  }

  @Test("a stream that nobody reads any more is reset")
  func dropped() async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
      stream.sendHeaders()
      stream.sendMessage([])
    }
    for try await _ in fixture.client.serverStreaming(EchoService.watch, Note()) { break }
    let stream = try #require(streams.withLock { $0.first })
    for await _ in stream.whenClosed {}
    #expect(stream.resetCode.withLock { $0 } == 8)
    try await fixture.end()
  }

  @Test("a cancelled reader gets the error, and the server is told")
  func cancelled() async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
      stream.sendHeaders()
      stream.sendMessage([])
    }
    let responses = fixture.client.serverStreaming(EchoService.watch, Note())
    let read = Signal()
    let task = Task {
      for try await _ in responses { read.send() }
    }
    await read.wait()
    task.cancel()
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    let stream = try #require(streams.withLock { $0.first })
    for await _ in stream.whenClosed {}
    #expect(stream.resetCode.withLock { $0 } == 8)
    try await fixture.end()
  }
}
