internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization
internal import TLS

/// An HTTPS server of a test's own on loopback: it answers `GET` with the documents that it was
/// given, one request a connection.
public final class HTTPSServer: Sendable {
  /// What a path is answered with.
  public struct Document: Sendable {
    public var status: Int
    public var body: String
    public var headers: [String: String]
    /// Ends the connection in the middle of the body.
    public var isCut: Bool

    public init(
      _ body: String, status: Int = 200, headers: [String: String] = [:], isCut: Bool = false
    ) {
      self.body = body
      self.status = status
      self.headers = headers
      self.isCut = isCut
    }
  }

  fileprivate struct State {
    var documents: [String: Document] = [:]
    var asked: [String: Int] = [:]
    var isSilent = false
  }

  fileprivate let state = Mutex(State())
  private let channel: Mutex<(any Channel)?>

  /// Serves with a certificate for `localhost` and 127.0.0.1 of the authority.
  /// - Parameter namesProtocol: whether it knows of ALPN.
  public init(_ pki: TestPKI, name: String = "https") async throws {
    let files = pki.files(name, uri: nil)
    var configuration = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    configuration.applicationProtocols = ["http/1.1"]
    let tls = try TLSContext(configuration)
    channel = Mutex(nil)
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { [self] child in
        child.eventLoop.makeCompletedFuture {
          let pipeline = child.pipeline.syncOperations
          try pipeline.addHandler(TLSHandler(server: tls))
          try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
          try pipeline.addHandler(AnswerHandler(self))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.withLock { $0 = bound }
  }

  /// `https://127.0.0.1:port`
  public var url: String {
    "https://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)"
  }

  /// What a path is answered with from now on; nil: 404.
  public func set(_ path: String, _ document: Document?) {
    state.withLock { $0.documents[path] = document }
  }

  /// Whether it takes requests and never answers.
  public func set(silent: Bool) { state.withLock { $0.isSilent = silent } }

  /// How often a path was asked for.
  public func asked(_ path: String) -> Int { state.withLock { $0.asked[path] ?? 0 } }

  /// Stops listening.
  public func close() async {
    let bound = channel.withLock { channel in
      defer { channel = nil }
      return channel
    }
    try? await bound?.close().get()
  }

  /// Answers as an identity provider whose URL is this server's: discovery and keys.
  public func serve(_ issuer: TestIssuer, maxAge: Int? = nil) {
    set(
      "/.well-known/openid-configuration",
      Document(#"{"issuer":"\#(issuer.url)","jwks_uri":"\#(url)/jwks"}"#))
    let headers = maxAge.map { ["cache-control": "public, max-age=\($0)"] } ?? [:]
    set("/jwks", Document(issuer.jwks, headers: headers))
  }
}

private final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: HTTPSServer
  private var path = ""

  init(_ server: HTTPSServer) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): path = head.uri
    case .body: break
    case .end: answer(context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(_ context: ChannelHandlerContext) {
    let (document, isSilent) = server.state.withLock { state in
      state.asked[path, default: 0] += 1
      return (state.documents[path], state.isSilent)
    }
    guard !isSilent else { return }
    let found = document ?? HTTPSServer.Document("no such document", status: 404)
    var head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: found.status))
    for (name, value) in found.headers { head.headers.add(name: name, value: value) }
    let promised = found.body.utf8.count + (found.isCut ? 1 : 0)
    head.headers.replaceOrAdd(name: "content-length", value: "\(promised)")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    let body = context.channel.allocator.buffer(string: found.body)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    let channel = context.channel
    if found.isCut {
      context.flush()
      channel.close(promise: nil)
    } else {
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
        channel.close(promise: nil)
      }
    }
  }
}
