internal import NIOCore
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// Every kind of call against every way it can end.
@Suite("Kinds of calls and their ends", .timeLimit(.minutes(2)))
struct CallTableTests {
  enum Kind: String, CaseIterable, Sendable {
    case unary, serverStreaming, clientStreaming, bidirectional
  }

  enum End: String, CaseIterable, Sendable {
    case success, errorBefore, errorMid, cancelled, deadline, lost, goAway
  }

  /// A call of the kind with one request or two, and what came back before its end.
  private static func perform(
    _ kind: Kind, _ client: RPCClient, _ options: CallOptions
  ) async throws -> [Note] {
    switch kind {
    case .unary:
      return [try await client.unary(EchoService.echo, Note("a"), options: options)]
    case .serverStreaming:
      var notes: [Note] = []
      let responses = client.serverStreaming(EchoService.watch, Note("a"), options: options)
      for try await note in responses { notes.append(note) }
      return notes
    case .clientStreaming:
      return [
        try await client.clientStreaming(EchoService.gather, options: options) { requests in
          try await requests.send(Note("a"))
          try await requests.send(Note("b"))
        }
      ]
    case .bidirectional:
      return try await client.bidirectional(EchoService.chat, options: options) {
        requests, responses in
        try await requests.send(Note("a"))
        try await requests.send(Note("b"))
        requests.finish()
        var notes: [Note] = []
        for try await note in responses { notes.append(note) }
        return notes
      }
    }
  }

  /// What the server does with a complete request.
  private static func script(_ end: End, _ arrived: Signal) -> ScriptedServer.Script {
    { stream in
      switch end {
      case .goAway where stream.number == 1: stream.connection.sendGoAway(lastStream: 0)
      case .success, .goAway:
        stream.sendHeaders()
        for message in stream.messages.prefix(stream.answersOnce ? 1 : .max) {
          stream.sendMessage(message)
        }
        stream.sendStatus(0)
      case .errorBefore:
        stream.sendHeaders([("grpc-status", "9"), ("grpc-message", "no")], endStream: true)
      case .errorMid:
        stream.sendHeaders()
        if !stream.answersOnce { stream.sendMessage([]) }
        stream.sendStatus(10, [("grpc-message", "enough")])
      case .lost:
        stream.sendHeaders()
        stream.sendMessage([])
        stream.connection.drop()
      case .cancelled, .deadline: break
      }
      arrived.send()
    }
  }

  private static func expected(_ end: End) -> StatusCode? {
    switch end {
    case .success, .goAway: nil
    case .errorBefore: .failedPrecondition
    case .errorMid: .aborted
    case .cancelled: .cancelled
    case .deadline: .deadlineExceeded
    case .lost: .unavailable
    }
  }

  @Test("each kind ends as it should", arguments: Kind.allCases, End.allCases)
  func table(kind: Kind, end: End) async throws {
    let arrived = Signal()
    let streams = Mutex<[ScriptedStream]>([])
    let script = Self.script(end, arrived)
    let fixture = try await Fixture { stream in
      streams.withLock { $0.append(stream) }
    } script: {
      script($0)
    }
    let client = fixture.client
    var options = CallOptions()
    // The call has to reach the server first, on a busy machine too.
    if end == .deadline { options.timeout = .seconds(1) }
    let call = Task { [options] in try await Self.perform(kind, client, options) }
    if end == .cancelled {
      await arrived.wait()
      call.cancel()
    }
    do {
      let notes = try await call.value
      #expect(Self.expected(end) == nil)
      #expect(notes == (kind == .bidirectional ? [Note("a"), Note("b")] : [Note("a")]))
    } catch {
      let error = try #require(error as? RPCError)
      #expect(error.code == Self.expected(end), "\(error)")
    }
    if end == .cancelled || end == .deadline, let stream = streams.withLock({ $0.first }) {
      for await _ in stream.whenClosed {}
      #expect(stream.resetCode.withLock { $0 } == HTTP2ErrorCode.cancel.rawValue)
    }
    #expect(fixture.server.requestCount <= (end == .goAway ? 2 : 1))
    try await expectNothingLeft(in: client)
    try await fixture.end()
  }
}

extension ScriptedStream {
  /// Whether the method's answer is one message.
  fileprivate var answersOnce: Bool {
    fields[":path"] == EchoService.echo.path || fields[":path"] == EchoService.gather.path
  }
}

/// No call and no stream is left behind once all of them have ended.
func expectNothingLeft(
  in client: RPCClient, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let pool = client.pool
  func left() async throws -> Int {
    try await pool.loop.submit {
      pool.calls.calls.count + pool.connections.values.reduce(0) { $0 + $1.session.streams.count }
    }.get()
  }
  while try await left() > 0 { try await Task.sleep(for: .milliseconds(1)) }
}
