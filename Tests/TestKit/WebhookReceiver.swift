internal import NIOCore
public import NIOHTTP1
internal import NIOPosix
internal import Synchronization
internal import TLS

/// A receiver of webhooks on loopback that answers as it is told to, and keeps what it was sent.
public final class WebhookReceiver: Sendable {
  /// How a request is answered.
  public enum Answer: Sendable {
    case status(Int, fields: [String: String] = [:], bodyBytes: Int = 0)
    /// The head of a good answer, and then nothing more.
    case headOnly
    /// Never.
    case silence
    /// By the end of the connection.
    case hangUp
  }

  public struct Request: Sendable {
    public let uri: String
    public let fields: HTTPHeaders
    public let body: [UInt8]
    /// Of which connection, counted from 1.
    public let connection: Int

    public subscript(field: String) -> String { fields.first(name: field) ?? "" }
  }

  fileprivate struct State {
    var script: [Answer] = []
    var requests: [Request] = []
    var connections = 0
  }

  fileprivate let state = Mutex(State())
  private let channel = Mutex<(any Channel)?>(nil)
  private let tls: TLSContext

  /// Listens with a certificate for `localhost` and 127.0.0.1.
  public init(_ pki: TestPKI, name: String = "receiver") throws {
    let files = pki.files(name, uri: nil)
    var configuration = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    configuration.applicationProtocols = ["http/1.1"]
    tls = try TLSContext(configuration)
  }

  /// - Parameter port: 0 lets the system choose.
  @discardableResult
  public func start(port: Int = 0) async throws -> Int {
    let tls = tls
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] child in
        child.eventLoop.makeCompletedFuture {
          let number = state.withLock { state in
            state.connections += 1
            return state.connections
          }
          let pipeline = child.pipeline.syncOperations
          try pipeline.addHandler(TLSHandler(server: tls))
          try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
          try pipeline.addHandler(ReceiverHandler(self, connection: number))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    channel.withLock { $0 = bound }
    return bound.localAddress?.port ?? 0
  }

  /// Stops listening; connections stay.
  public func stop() async {
    let bound = channel.withLock { $0.take() }
    try? await bound?.close().get()
  }

  /// What the next requests are answered with; after that 204.
  public func answer(_ answers: Answer...) { state.withLock { $0.script += answers } }

  public var requests: [Request] { state.withLock { $0.requests } }
  public var connections: Int { state.withLock { $0.connections } }
}

private final class ReceiverHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let receiver: WebhookReceiver
  private let connection: Int
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ receiver: WebhookReceiver, connection: Int) {
    self.receiver = receiver
    self.connection = connection
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
    case .body(let bytes): body += bytes.readableBytesView
    case .end: answer(context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(_ context: ChannelHandlerContext) {
    guard let head else { return }
    let request = WebhookReceiver.Request(
      uri: head.uri, fields: head.headers, body: body, connection: connection)
    let answer = receiver.state.withLock { state in
      state.requests.append(request)
      return state.script.isEmpty ? .status(204) : state.script.removeFirst()
    }
    switch answer {
    case .silence: break
    case .hangUp: context.close(promise: nil)
    case .headOnly:
      send(context, 200, ["content-length": "10"])
      context.flush()
    case .status(let code, let fields, let bytes):
      send(context, code, fields.merging(["content-length": "\(bytes)"]) { first, _ in first })
      if bytes > 0 {
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }

  private func send(_ context: ChannelHandlerContext, _ status: Int, _ fields: [String: String]) {
    var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
    for (name, value) in fields where status != 204 || name != "content-length" {
      head.headers.add(name: name, value: value)
    }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
  }
}
