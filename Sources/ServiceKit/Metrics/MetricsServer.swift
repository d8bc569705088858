internal import NIOCore
internal import NIOPosix

/// Answers `GET /metrics` over plain HTTP/1.1 on a loopback address, one request a connection.
///
/// Far less than an HTTP server: whoever asks is a scraper on this machine.
public final class MetricsServer: Sendable {
  private let channel: any Channel

  /// Binds and serves until `close()`.
  public static func start(
    on address: Address, _ registry: MetricsRegistry
  ) async throws -> MetricsServer {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(MetricsHandler(registry))
        }
      }
      .bind(host: address.host, port: address.port).get()
    return MetricsServer(channel)
  }

  private init(_ channel: any Channel) { self.channel = channel }

  /// The address bound.
  public var address: Address? {
    guard let local = channel.localAddress, let host = local.ipAddress, let port = local.port else {
      return nil
    }
    return Address(host: host, port: port)
  }

  public func close() async { try? await channel.close().get() }
}

/// Reads the head of one request, answers, closes.
private final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private static let longestHead = 8 << 10
  private static let patience = TimeAmount.seconds(5)

  private let registry: MetricsRegistry
  private var head = ByteBuffer()
  private var hasAnswered = false
  private var timeout: Scheduled<Void>?

  init(_ registry: MetricsRegistry) { self.registry = registry }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    timeout = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) { timeout?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasAnswered else { return }
    var bytes = unwrapInboundIn(data)
    head.writeBuffer(&bytes)
    guard head.readableBytesView.firstRange(of: "\r\n\r\n".utf8) != nil else {
      if head.readableBytes > Self.longestHead {
        answer(context, "431 Request Header Fields Too Large", "")
      }
      return
    }
    let line = String(decoding: head.readableBytesView.prefix { $0 != 0x0d }, as: UTF8.self)
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[0] == "GET", ["HTTP/1.1", "HTTP/1.0"].contains(words[2]) else {
      return answer(context, "404 Not Found", "There is only GET here.\n")
    }
    if words[1] == "/metrics" {
      answer(context, "200 OK", registry.render())
    } else if let document = registry.document(String(words[1])) {
      answer(context, "200 OK", document.text(), mediaType: document.mediaType)
    } else {
      answer(context, "404 Not Found", "There is only GET /metrics here.\n")
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(
    _ context: ChannelHandlerContext, _ status: String, _ body: String,
    mediaType: String = "text/plain; version=0.0.4; charset=utf-8"
  ) {
    hasAnswered = true
    let text = """
      HTTP/1.1 \(status)\r
      Content-Type: \(mediaType)\r
      Content-Length: \(body.utf8.count)\r
      Connection: close\r
      \r
      \(body)
      """
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)))
      .whenComplete { _ in channel.close(promise: nil) }
  }
}
