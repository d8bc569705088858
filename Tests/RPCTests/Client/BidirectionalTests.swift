internal import NIOCore
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("Bidirectional calls", .timeLimit(.minutes(2)))
struct BidirectionalTests {
  private static func echo(_ router: inout Router) {
    router.bidirectional(EchoService.chat) { requests, responses, context in
      context.response.addHeader(context.metadata["x-asked"] ?? "", for: "x-initial")
      context.response.addTrailer("t", for: "x-trailer")
      try await responses.sendHeaders()
      for try await note in requests { try await responses.send(note) }
    }
  }

  @Test("ping-pong: initial metadata comes before the first message, each answer before the next")
  func pingPong() async throws {
    let pair = try await Pair { Self.echo(&$0) }
    let call = pair.client.bidirectional(
      EchoService.chat, options: CallOptions(metadata: ["x-asked": "this"]))
    #expect(try await call.responses.metadata["x-initial"] == "this")
    var responses = call.responses.makeAsyncIterator()
    for size in [27_182, 8, 1_828, 45_904] {
      try await call.requests.send(Note(bytes: size))
      #expect(try await responses.next() == Note(bytes: size))
    }
    #expect(call.responses.trailers == nil)
    call.requests.finish()
    #expect(try await responses.next() == nil)
    #expect(call.responses.trailers?["x-trailer"] == "t")
    try await pair.end()
  }

  @Test("an empty stream ends with success")
  func emptyStream() async throws {
    let pair = try await Pair { Self.echo(&$0) }
    try await pair.client.bidirectional(EchoService.chat) { requests, responses in
      requests.finish()
      for try await _ in responses { Issue.record("an answer to nothing") }
      #expect(responses.trailers != nil)
    }
    try await pair.end()
  }

  @Test("both directions flow at once, each in order")
  func bothWays() async throws {
    let pair = try await Pair { Self.echo(&$0) }
    let count = try await pair.client.bidirectional(EchoService.chat) { requests, responses in
      async let sending: Void = {
        for number in 0..<20_000 { try await requests.send(Note("\(number)")) }
        requests.finish()
      }()
      var next = 0
      for try await note in responses {
        guard note == Note("\(next)") else { break }
        next += 1
      }
      try await sending
      return next
    }
    #expect(count == 20_000)
    try await pair.end()
  }

  @Test("a server that does not read holds the sender at one window and one queue")
  func slowReader() async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let opened = Signal()
    let fixture = try await Fixture { stream in
      stream.reads = false
      streams.withLock { $0.append(stream) }
      stream.sendHeaders()
      opened.send()
    } script: { stream in
      stream.sendStatus(0)
    }
    let call = fixture.client.bidirectional(EchoService.chat)
    let accepted = Mutex(0)
    let size = 1_000
    let total = 2_000
    let sending = Task {
      for _ in 0..<total {
        try await call.requests.send(Note(bytes: size))
        accepted.withLock { $0 += 1 }
      }
      call.requests.finish()
    }
    await opened.wait()
    let stream = try #require(streams.withLock { $0.first })
    // Until the window is full; what more was accepted waits in the queue, and one message with its
    // sender.
    let window = Int(HTTP2Settings.server.streamWindow)
    try await until { stream.receivedBytes.withLock { $0 } == window }
    let frame = 5 + (try Note(bytes: size).serialized().count)
    let most = window + RPCClientOptions.impatient.queuedRequestBytes + frame
    try await until { accepted.withLock { $0 } * frame > window }
    for _ in 0..<100 {
      await Task.yield()
      #expect(accepted.withLock { $0 } * frame <= most)
      #expect(stream.receivedBytes.withLock { $0 } == window)
    }
    stream.connection.executor.loop.execute {
      stream.reads = true
      stream.consumed(window)
    }
    try await sending.value
    for try await _ in call.responses {}
    #expect(stream.receivedBytes.withLock { $0 } == total * frame)
    try await fixture.end()
  }

  @Test("a message larger than window and queue together arrives")
  func largeMessage() async throws {
    var limits = ServerLimits.standard
    limits.requestBytes = ServerLimits.hardMessageBytes
    let pair = try await Pair(limits: limits) { Self.echo(&$0) }
    let sizes = try await pair.client.bidirectional(EchoService.chat) { requests, responses in
      var sizes: [Int] = []
      var answers = responses.makeAsyncIterator()
      for size in [1, 3_000_000, 1, 300_000] {
        try await requests.send(Note(bytes: size))
        sizes.append(try await answers.next()?.value.count ?? -1)
      }
      return sizes
    }
    #expect(sizes == [1, 3_000_000, 1, 300_000])
    try await pair.end()
  }

  @Test(
    "a call of which one half is dropped before its end is cancelled", arguments: [true, false])
  func dropped(requests: Bool) async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let opened = Signal()
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
      opened.send()
    } script: { _ in
    }
    func half() async -> Any {
      let call = fixture.client.bidirectional(EchoService.chat)
      await opened.wait()
      return requests ? call.requests as Any : call.responses as Any
    }
    let kept = await half()
    let stream = try #require(streams.withLock { $0.first })
    for await _ in stream.whenClosed {}
    #expect(stream.resetCode.withLock { $0 } == HTTP2ErrorCode.cancel.rawValue)
    withExtendedLifetime(kept) {}
    try await fixture.end()
  }

  @Test("a task that is cancelled while it waits for room ends the call")
  func cancelledSender() async throws {
    let streams = Mutex<[ScriptedStream]>([])
    let fixture = try await Fixture { stream in
      stream.reads = false
      streams.withLock { $0.append(stream) }
    } script: { _ in
    }
    let call = fixture.client.bidirectional(EchoService.chat)
    let accepted = Mutex(0)
    let sending = Task {
      while true {
        try await call.requests.send(Note(bytes: 60_000))
        accepted.withLock { $0 += 1 }
      }
    }
    try await until { accepted.withLock { $0 } > 0 }
    sending.cancel()
    let error = await #expect(throws: RPCError.self) { try await sending.value }
    #expect(error?.code == .cancelled)
    var responses = call.responses.makeAsyncIterator()
    let read = try await failure { () throws(RPCError) in try await responses.next() }
    #expect(read.code == .cancelled)
    for stream in streams.withLock({ $0 }) {
      for await _ in stream.whenClosed {}
      #expect(stream.resetCode.withLock { $0 } == HTTP2ErrorCode.cancel.rawValue)
    }
    try await fixture.end()
  }

  @Test("a refused stream is begun again with what was sent so far")
  func refused() async throws {
    let fixture = try await Fixture { stream in
      if stream.number < 3 { stream.reset(.refusedStream) } else { stream.sendHeaders() }
    } script: { stream in
      stream.write(stream.body)
      stream.sendStatus(0)
    }
    var notes: [String] = []
    let call = fixture.client.bidirectional(EchoService.chat)
    for text in ["a", "b", "c"] { try await call.requests.send(Note(text)) }
    call.requests.finish()
    for try await note in call.responses { notes.append(note.typeURL) }
    #expect(notes == ["a", "b", "c"])
    #expect(fixture.server.requestCount == 3)
    try await fixture.end()
  }

  @Test("a stream that was refused after more than the buffer holds is not begun again")
  func refusedLate() async throws {
    var options = RPCClientOptions.impatient
    options.retry.bufferBytes = 1_000
    let streams = Mutex<[ScriptedStream]>([])
    let fixture = try await Fixture(options: options) { stream in
      streams.withLock { $0.append(stream) }
    } script: { stream in
      stream.reset(.refusedStream)
    }
    let call = fixture.client.bidirectional(EchoService.chat)
    try await call.requests.send(Note(bytes: 1_001))
    call.requests.finish()
    var responses = call.responses.makeAsyncIterator()
    let error = try await failure { () throws(RPCError) in try await responses.next() }
    #expect(error.code == .unavailable)
    #expect(fixture.server.requestCount == 1)
    try await fixture.end()
  }
}
