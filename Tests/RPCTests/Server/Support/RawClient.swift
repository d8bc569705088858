internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TLS

@testable internal import RPC

/// A client that speaks HTTP/2 and nothing more, right or wrong as the test has it.
struct RawClient: Sendable {
  let connection: RawConnection
  private let channel: any Channel

  init(
    port: Int, tls: TLSContext, expecting name: String = ServerPKI.serverURI
  ) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let executors = LoopExecutors(group: group)
    (channel, connection) = try await ClientBootstrap(group: group).connect(
      host: "127.0.0.1", port: port
    ) { channel in
      channel.eventLoop.makeCompletedFuture {
        let connection = RawConnection(executor: executors[channel.eventLoop])
        try channel.pipeline.syncOperations.addHandler(
          TLSHandler(client: tls, expecting: .uri(name)))
        try channel.pipeline.syncOperations.addHandler(connection)
        return (channel, connection)
      }
    }
    try await connection.ready.wait()
  }

  /// Starts a call; `fields` replace the usual ones of the same name, or come after them.
  func start(
    _ path: String, fields: [(String, String)] = [], without removed: Set<String> = [],
    body: [UInt8] = [], end: Bool = true
  ) async throws -> RawCall {
    try await channel.eventLoop.submit {
      try connection.start(
        RawCall.fields(path, fields, without: removed), body: body, end: end)
    }.get()
  }

  /// A whole call.
  func call(
    _ path: String, fields: [(String, String)] = [], without removed: Set<String> = [],
    body: [UInt8]
  ) async throws -> RawOutcome {
    try await start(path, fields: fields, without: removed, body: body).outcome()
  }

  /// Sends bytes past the session.
  func sendRaw(_ bytes: [UInt8]) async throws {
    try await channel.eventLoop.submit { connection.sendRaw(bytes) }.get()
  }

  /// Stops and starts reading from the socket.
  func setReading(_ isReading: Bool) async throws {
    try await channel.setOption(.autoRead, value: isReading).get()
  }

  /// Waits until the server has ended the connection.
  func waitUntilClosed() async throws {
    try await channel.closeFuture.get()
  }

  func close() async {
    try? await channel.close().get()
  }
}

final class RawConnection: HTTP2Connection, @unchecked Sendable {
  // Unchecked: confined to its loop; `goAways` has a lock.

  let ready = Occasion()
  let wentAway = Occasion()
  let goAways = Mutex<[(code: HTTP2ErrorCode, last: Int32)]>([])

  init(executor: LoopExecutor) {
    super.init(role: .client, settings: .client, executor: executor)
  }

  override func received(event: Any) {
    if event is TLSHandshakeCompleted { start() }
  }

  override func receivedSettings() { ready.come() }

  override func receivedGoAway(_ code: HTTP2ErrorCode, lastStream: Int32) {
    goAways.withLock { $0.append((code, lastStream)) }
    if lastStream != Int32.max { wentAway.come() }
  }

  override func ended(_ error: (any Error)?) {
    ready.fail(error ?? ChannelError.eof)
    wentAway.come()
  }

  func start(_ fields: HTTP2Fields, body: [UInt8], end: Bool) throws -> RawCall {
    let call = RawCall(connection: self)
    try session.submitRequest(fields, endStream: end && body.isEmpty, on: call)
    if !body.isEmpty { call.write(body) }
    if end { call.finish() }
    return call
  }

  func sendRaw(_ bytes: [UInt8]) {
    context?.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
  }
}

/// Something that happens once; any number may wait for it.
final class Occasion: Sendable {
  private struct State {
    var result: Result<Void, any Error>?
    var waiters: [CheckedContinuation<Void, any Error>] = []
  }
  private let state = Mutex(State())

  func come() { end(.success(())) }
  func fail(_ error: any Error) { end(.failure(error)) }

  func wait() async throws {
    try await withCheckedThrowingContinuation { continuation in
      let result = state.withLock { state in
        if state.result == nil { state.waiters.append(continuation) }
        return state.result
      }
      if let result { continuation.resume(with: result) }
    }
  }

  private func end(_ result: Result<Void, any Error>) {
    let waiters = state.withLock { state in
      guard state.result == nil else { return [CheckedContinuation<Void, any Error>]() }
      state.result = result
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(with: result) }
  }
}
