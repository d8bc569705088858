internal import NIOCore
internal import NIOPosix
internal import ProtobufC
internal import StandardProto
internal import Synchronization
internal import Testing

@testable internal import RPC

/// The servers of gRPC's `doc/negative-http2-interop-test-descriptions.md`, frame by frame, and what
/// the client must make of them.
@Suite("Misbehaving servers", .timeLimit(.minutes(2)))
struct MisbehavingServerTests {
  /// The sizes of the description's request and response.
  private static let request = Note(bytes: 271_828)
  private static let answer: [UInt8] = (try? Note(bytes: 314_159).framed()) ?? []

  @Sendable private static func serve(_ connection: FrameConnection, _ stream: Int32) {
    connection.sendHeaders(on: stream)
    connection.sendData(answer, on: stream) { connection.sendStatus(0, on: stream) }
  }

  private struct Scene {
    let server: FrameServer
    let client: RPCClient

    init(_ script: FrameServer.Script) async throws {
      let pki = try ClientPKI()
      server = try await FrameServer(pki.server(), script)
      client = try Fixture.client(of: server.port, pki)
    }

    func call() async throws(RPCError) -> Int {
      try await client.unary(EchoService.echo, MisbehavingServerTests.request).value.count
    }

    func end() async throws {
      await client.shutdown(grace: .zero)
      try await server.close()
    }
  }

  @Test("goaway: the second call goes to another connection, and the caller does nothing for it")
  func goAway() async throws {
    let scene = try await Scene(
      .init(requested: { connection, stream in
        connection.sendHeaders(on: stream)
        connection.sendData(Self.answer, on: stream) {
          connection.sendStatus(0, on: stream)
          connection.sendGoAway(0, lastStream: stream)
        }
      }))
    #expect(try await scene.call() == 314_159)
    #expect(try await scene.call() == 314_159)
    #expect(scene.server.connectionCount == 2)
    try await scene.end()
  }

  @Test("rst_after_header: the call fails")
  func resetAfterHeader() async throws {
    let scene = try await Scene(
      .init(opened: { connection, stream in
        connection.sendHeaders(on: stream)
        connection.sendReset(0, on: stream)
      }))
    let error = try await failure { () throws(RPCError) in try await scene.call() }
    #expect(error.code == .internal && error.message.contains("NO_ERROR"), "\(error)")
    try await scene.end()
  }

  @Test("rst_during_data: the call fails, and half a message is nobody's message")
  func resetDuringData() async throws {
    let scene = try await Scene(
      .init(requested: { connection, stream in
        connection.sendHeaders(on: stream)
        connection.sendData(Array(Self.answer.prefix(Self.answer.count / 2)), on: stream) {
          connection.sendReset(0, on: stream)
        }
      }))
    let error = try await failure { () throws(RPCError) in try await scene.call() }
    #expect(error.code == .internal && error.message.contains("NO_ERROR"), "\(error)")
    try await scene.end()
  }

  @Test("rst_after_data: the call fails, since no status came")
  func resetAfterData() async throws {
    let scene = try await Scene(
      .init(requested: { connection, stream in
        connection.sendHeaders(on: stream)
        connection.sendData(Self.answer, on: stream) { connection.sendReset(0, on: stream) }
      }))
    let error = try await failure { () throws(RPCError) in try await scene.call() }
    #expect(error.code == .internal && error.message.contains("NO_ERROR"), "\(error)")
    try await scene.end()
  }

  @Test("ping: every PING is acknowledged, before and after headers and data")
  func ping() async throws {
    let closed = Signal()
    let scene = try await Scene(
      .init(
        opened: { connection, stream in
          connection.sendPing()
          connection.sendHeaders(on: stream)
          connection.sendPing()
        },
        requested: { connection, stream in
          connection.sendPing()
          connection.sendData(Self.answer, on: stream) {
            connection.sendPing()
            connection.sendStatus(0, on: stream)
          }
        },
        closed: { connection in
          let counts = connection.counts.withLock { $0 }
          #expect(counts.pingsOut == 4 && counts.pingsAcknowledged == 4)
          closed.send()
        }))
    #expect(try await scene.call() == 314_159)
    await scene.client.shutdown()
    await closed.wait()
    try await scene.end()
  }

  @Test("max_streams: with room for one, ten calls at once go one after another")
  func maxStreams() async throws {
    let most = Signal()
    let scene = try await Scene(
      .init(
        started: { $0.sendSettings([(0x3, 1)]) }, requested: Self.serve,
        closed: { connection in
          #expect(connection.counts.withLock { $0.mostOpenStreams } == 1)
          most.send()
        }))
    #expect(try await scene.call() == 314_159)
    let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<10 { group.addTask { try await scene.call() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sizes == [Int](repeating: 314_159, count: 10))
    #expect(scene.server.connectionCount == 1)
    await scene.client.shutdown()
    await most.wait()
    try await scene.end()
  }
}
