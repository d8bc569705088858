internal import NIOCore
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

@Suite("GOAWAY", .timeLimit(.minutes(2)))
struct GoAwayTests {
  /// A server that goes away again and again, keeps to what it said, and counts what it did.
  private final class LeavingServer: Sendable {
    private struct State {
      var random: SeededGenerator
      var lastStreams: [ObjectIdentifier: Int32] = [:]
      var runs: [String: Int] = [:]
      var departures = 0
    }
    private let state: Mutex<State>

    init(seed: UInt64) {
      state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    var runs: [String: Int] { state.withLock { $0.runs } }
    var departures: Int { state.withLock { $0.departures } }

    func serve(_ stream: ScriptedStream) {
      let connection = ObjectIdentifier(stream.connection)
      let note = stream.messages.first.flatMap { try? Note(serialized: $0) } ?? Note()
      let (goAway, isServed) = state.withLock { state in
        var goAway: Int32?
        if state.lastStreams[connection] == nil, Int.random(in: 0..<25, using: &state.random) == 0 {
          // With or without the stream that gave the occasion.
          goAway = max(0, stream.id - (Bool.random(using: &state.random) ? 0 : 2))
          state.lastStreams[connection] = goAway
          state.departures += 1
        }
        let isServed = stream.id <= state.lastStreams[connection] ?? .max
        if isServed { state.runs[note.typeURL, default: 0] += 1 }
        return (goAway, isServed)
      }
      if let goAway { stream.connection.sendGoAway(lastStream: goAway) }
      if isServed { stream.echo() }
    }
  }

  @Test("a server that keeps going away loses no call and runs none twice", arguments: 1...3)
  func load(seed: UInt64) async throws {
    let server = LeavingServer(seed: seed)
    let fixture = try await Fixture { server.serve($0) }
    let client = fixture.client
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<16 {
        group.addTask {
          for number in 0..<40 {
            let note = Note("\(caller)/\(number)")
            let answer = try await client.unary(EchoService.echo, note)
            #expect(answer == note)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(server.runs.count == 16 * 40)
    #expect(server.runs.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    #expect(server.departures > 0)
    // After the last departure there may have been nothing left to do.
    #expect((0...1).contains(fixture.server.connectionCount - server.departures))
    try await fixture.end()
  }

  @Test("a graceful shutdown in two steps: the stream between the two is answered")
  func twoSteps() async throws {
    let fixture = try await Fixture { stream in
      switch stream.number {
      case 1:
        stream.connection.sendGoAway(lastStream: .max)
        stream.echo()
        stream.connection.sendGoAway(lastStream: stream.id)
      default: stream.echo()
      }
    }
    for text in ["1", "2"] {
      #expect(try await fixture.client.unary(EchoService.echo, Note(text)) == Note(text))
    }
    #expect(fixture.server.connectionCount == 2)
    #expect(fixture.server.requestCount == 2)
    try await fixture.end()
  }

  @Test("a stream that the server keeps goes on after GOAWAY until its own end")
  func streamGoesOn() async throws {
    let goOn = Signal()
    let held = Mutex<ScriptedStream?>(nil)
    let fixture = try await Fixture { stream in
      if stream.fields[":path"] == EchoService.watch.path {
        held.withLock { $0 = stream }
        stream.sendHeaders()
        stream.connection.sendGoAway(lastStream: stream.id)
        stream.sendMessage([])
        goOn.send()
      } else {
        stream.echo()
      }
    }
    var responses = fixture.client.serverStreaming(EchoService.watch, Note()).makeAsyncIterator()
    #expect(try await responses.next() == Note())
    await goOn.wait()
    #expect(try await fixture.client.unary(EchoService.echo, Note("new")) == Note("new"))
    #expect(fixture.server.connectionCount == 2)
    let stream = try #require(held.withLock { $0 })
    stream.connection.executor.loop.execute {
      stream.sendMessage([])
      stream.sendStatus(0)
    }
    #expect(try await responses.next() == Note())
    #expect(try await responses.next() == nil)
    try await fixture.end()
  }

  @Test("GOAWAY ENHANCE_YOUR_CALM: the next connections send fewer PINGs")
  func calm() async throws {
    var options = RPCClientOptions.impatient
    options.keepalive = .init(time: .seconds(30))
    let fixture = try await Fixture(options: options) { stream in
      if stream.number == 1 {
        stream.connection.sendGoAway(
          lastStream: stream.id, code: HTTP2ErrorCode.enhanceYourCalm.rawValue)
      }
      stream.echo()
    }
    for text in ["1", "2"] { _ = try await fixture.client.unary(EchoService.echo, Note(text)) }
    let pool = fixture.client.pool
    let time = try await pool.loop.submit { pool.keepalive?.time }.get()
    #expect(time == .seconds(60))
    try await fixture.end()
  }
}
