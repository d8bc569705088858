internal import NIOCore
internal import NIOEmbedded
internal import TLS

@testable internal import RPC

/// A server's connection without sockets, TLS or threads: every tick is the test's.
///
/// Its handlers must not leave the loop.
final class EmbeddedServer {
  let channel = EmbeddedChannel()
  let connection: ServerConnection
  private let client: EmbeddedClient

  init(limits: ServerLimits = .standard, _ build: (inout Router) -> Void) throws {
    var router = Router()
    build(&router)
    let listener = Listener(
      address: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
      tls: try ServerPKI.shared.get().server, router: router, limits: limits)
    let state = ListenerState(listener, metrics: nil, logger: .silent)
    connection = ServerConnection(
      listener: state, executor: LoopExecutor(loop: channel.embeddedEventLoop))
    client = EmbeddedClient()
    try channel.pipeline.syncOperations.addHandler(connection)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    channel.pipeline.fireUserInboundEventTriggered(
      TLSHandshakeCompleted(applicationProtocol: "h2", peer: nil))
    // Settings cross over.
    try deliver(client.takeBytes())
    client.session.start()
    try deliver(client.takeBytes())
    _ = try takeWrites()
  }

  /// The bytes of a call, as a client sends them.
  func request(_ path: String, body: [UInt8], end: Bool = true) throws -> (EmbeddedCall, [UInt8]) {
    let call = EmbeddedCall()
    try client.session.submitRequest(RawCall.fields(path, [], without: []), on: call)
    call.write(body)
    if end { call.finish() }
    return (call, client.takeBytes())
  }

  /// What the client has to say by now.
  func pendingClientBytes() -> [UInt8] { client.takeBytes() }

  /// Bytes arrive in one read.
  func deliver(_ bytes: [UInt8]) throws {
    guard !bytes.isEmpty else { return }
    try channel.writeInbound(ByteBuffer(bytes: bytes))
    channel.embeddedEventLoop.run()
  }

  /// How many writes the server has made; their bytes go to the client.
  @discardableResult
  func takeWrites() throws -> Int {
    var count = 0
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
      count += 1
      try bytes.withUnsafeReadableBytes { try client.session.receive($0) }
    }
    return count
  }

  /// Hands the client's acknowledgements over, as a real one would.
  @discardableResult
  func settle() throws -> Int {
    try deliver(client.takeBytes())
    return try takeWrites()
  }
}

/// The other end: a session whose bytes the test carries.
private final class EmbeddedClient: HTTP2SessionDelegate {
  private(set) var session: HTTP2Session!

  init() {
    session = HTTP2Session(role: .client, settings: .client, delegate: self)
  }

  func takeBytes() -> [UInt8] {
    var bytes = ByteBuffer()
    _ = try? session.send(into: &bytes, limit: .max)
    return Array(bytes.readableBytesView)
  }

  func sessionHasOutput() {}
  func makeStream(id: Int32) -> HTTP2Stream? { nil }
  func receivedExcess(_ excess: HeaderListExcess) {}
  func receivedFrame(type: UInt8, flags: UInt8, length: Int) {}
  func receivedSettings() {}
  func receivedPingAcknowledgement(_ opaque: UInt64) {}
  func receivedGoAway(_ code: HTTP2ErrorCode, lastStream: Int32) {}
  func sentReset(_ code: HTTP2ErrorCode) {}
  func sentGoAway(_ code: HTTP2ErrorCode) {}
}

/// A call whose answer is gathered.
final class EmbeddedCall: HTTP2Stream, @unchecked Sendable {
  // Unchecked: one thread only.
  private(set) var outcome = RawOutcome()
  private(set) var isOver = false
  private var headersEnded = false

  override func received(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    let field = (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    if headersEnded { outcome.trailers.append(field) } else { outcome.headers.append(field) }
  }

  override func receivedHeaders(endStream: Bool) { headersEnded = true }

  override func received(data: UnsafeRawBufferPointer) {
    outcome.body += data
    consumed(data.count)
  }

  override func closed(_ code: HTTP2ErrorCode) {
    outcome.reset = code
    isOver = true
  }
}
