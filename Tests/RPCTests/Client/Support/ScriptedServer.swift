internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TLS

@testable internal import RPC

/// A server that does what a test tells it to, right or wrong: HTTP/2 over TLS without gRPC.
final class ScriptedServer: Sendable {
  /// Called on the server's loop.
  typealias Script = @Sendable (ScriptedStream) -> Void

  let tls: TLSContext
  private let settings: HTTP2Settings
  /// When a request's header list is complete.
  private let opened: Script
  /// When a request is complete.
  private let script: Script
  private let listener: Mutex<(any Channel)?> = Mutex(nil)
  private let state = Mutex(State())

  private struct State {
    var connections: [ScriptedConnection] = []
    var requests = 0
  }

  init(
    _ tls: TLSContext, settings: HTTP2Settings = .server, port: Int = 0,
    opened: @escaping Script = { _ in }, script: @escaping Script
  ) async throws {
    self.tls = tls
    self.settings = settings
    self.opened = opened
    self.script = script
    try await listen(on: port)
  }

  func listen(on port: Int) async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = ScriptedConnection(self, self.settings, channel.eventLoop)
          self.state.withLock { $0.connections.append(connection) }
          try channel.pipeline.syncOperations.addHandlers(
            TLSHandler(server: self.tls), connection)
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    listener.withLock { $0 = channel }
  }

  var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }
  var connectionCount: Int { state.withLock { $0.connections.count } }
  var requestCount: Int { state.withLock { $0.requests } }

  /// Refuses new connections; the others go on.
  func stopListening() async throws {
    let channel = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    try await channel?.close()
  }

  /// Stops listening and drops every connection.
  func close() async throws {
    try await stopListening()
    dropConnections()
  }

  func dropConnections() {
    for connection in state.withLock({ $0.connections }) { connection.drop() }
  }

  /// Whether the stream is on one of this server's connections.
  func serves(_ stream: ScriptedStream) -> Bool {
    state.withLock { $0.connections.contains { $0 === stream.connection } }
  }

  fileprivate func open(_ stream: ScriptedStream) {
    stream.number = state.withLock { state in
      state.requests += 1
      return state.requests
    }
    opened(stream)
  }

  fileprivate func perform(_ stream: ScriptedStream) {
    script(stream)
  }
}

final class ScriptedConnection: HTTP2Connection, @unchecked Sendable {
  // Unchecked: confined to its event loop; `drop` hops.

  private let server: ScriptedServer
  private let loop: any EventLoop

  init(_ server: ScriptedServer, _ settings: HTTP2Settings, _ loop: any EventLoop) {
    self.server = server
    self.loop = loop
    super.init(role: .server, settings: settings, executor: LoopExecutor(loop: loop))
  }

  override func received(event: Any) {
    if event is TLSHandshakeCompleted { start() }
  }

  override func makeStream(id: Int32) -> HTTP2Stream? {
    ScriptedStream(id: id, on: self)
  }

  func requestOpened(_ stream: ScriptedStream) {
    server.open(stream)
  }

  func requestCompleted(_ stream: ScriptedStream) {
    server.perform(stream)
  }

  /// Bytes past the session, in a write of their own.
  func sendRaw(_ bytes: [UInt8]) {
    context?.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
  }

  /// A GOAWAY that names a last stream of the test's choice.
  func sendGoAway(lastStream: Int32, code: UInt32 = 0) {
    let words = [UInt32(bitPattern: lastStream), code]
    sendRaw(
      [0, 0, 8, 7, 0, 0, 0, 0, 0]
        + words.flatMap { word in withUnsafeBytes(of: word.bigEndian, Array.init) })
  }

  /// Ends the transport without a word.
  func drop() {
    loop.execute { self.context?.channel.close(promise: nil) }
  }
}

final class ScriptedStream: HTTP2Stream, @unchecked Sendable {
  // Unchecked: confined to its connection's event loop; `sentBytes` and `resetCode` have locks.

  let connection: ScriptedConnection
  /// Counts the server's requests from 1.
  var number = 0
  var fields: [String: String] = [:]
  var body: [UInt8] = []
  /// Whether what arrives is read, so that the client may send more.
  var reads = true
  var hasOpened = false
  /// Bytes of the body that have arrived.
  let receivedBytes = Mutex(0)
  let sentBytes = Mutex(0)
  let resetCode = Mutex<UInt32?>(nil)
  private let ended: @Sendable () -> Void
  let whenClosed: AsyncStream<Void>

  init(id: Int32, on connection: ScriptedConnection) {
    self.connection = connection
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    whenClosed = stream
    ended = { continuation.finish() }
    super.init(id: id)
  }

  override func received(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    fields[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
  }

  override func receivedHeaders(endStream: Bool) {
    if !hasOpened {
      hasOpened = true
      connection.requestOpened(self)
    }
    if endStream { connection.requestCompleted(self) }
  }

  override func received(data: UnsafeRawBufferPointer) {
    receivedBytes.withLock { $0 += data.count }
    body += data
    if reads { consumed(data.count) }
  }

  override func receivedEnd() {
    connection.requestCompleted(self)
  }

  override func closed(_ code: HTTP2ErrorCode) {
    resetCode.withLock { $0 = code.rawValue }
    ended()
  }

  /// The messages of the body, as long as they are whole.
  var messages: [[UInt8]] {
    var reader = MessageReader(maximumBytes: .max)
    return body.withUnsafeBytes { bytes in
      var rest = bytes
      var messages: [[UInt8]] = []
      while !rest.isEmpty, let message = try? reader.next(&rest) { messages.append(message) }
      return messages
    }
  }

  // MARK: - Answers

  func sendHeaders(
    status: String = "200", type: String = "application/grpc", _ more: [(String, String)] = [],
    endStream: Bool = false
  ) {
    respond(list([(":status", status), ("content-type", type)] + more), endStream: endStream)
  }

  func sendMessage(_ bytes: [UInt8]) {
    let length = withUnsafeBytes(of: UInt32(bytes.count).bigEndian, Array.init)
    write([0] + length + bytes)
  }

  func sendStatus(_ code: Int, _ more: [(String, String)] = []) {
    finish(trailers: list([("grpc-status", "\(code)")] + more))
  }

  /// A complete answer: the request's own message, and success.
  func echo() {
    sendHeaders()
    write(body)
    sendStatus(0)
  }

  func list(_ fields: [(String, String)]) -> HTTP2Fields {
    var list = HTTP2Fields()
    for (name, value) in fields { list.append(name, value) }
    return list
  }
}
