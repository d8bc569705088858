internal import Domain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import TLS

/// `GET` over HTTP/1.1 and our own TLS, one connection a request: for the few small documents that a
/// service needs of others. No redirections, no cookies, no compression, no credentials.
struct HTTPSClient: Sendable {
  let tls: TLSContext
  let timeout: Duration
  /// The largest body, in bytes.
  let limit: Int

  struct Answer: Sendable, Hashable {
    let body: [UInt8]
    /// How long the answer stays fresh (RFC 9111 §5.2.2); nil where it does not say.
    let freshness: Duration?
  }

  /// - Parameters:
  ///   - authorities: PEM file of whom to trust.
  init(
    authorities: String, timeout: Duration = .seconds(5), limit: Int = 256 << 10
  ) throws(TLSError) {
    var configuration = TLSConfiguration.client(trustRootsFile: authorities)
    configuration.applicationProtocols = ["http/1.1"]
    configuration.requiresApplicationProtocol = false
    tls = try TLSContext(configuration)
    self.timeout = timeout
    self.limit = limit
  }

  func get(_ url: HTTPSURL) async throws(HTTPSFault) -> Answer {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let promise = loop.makePromise(of: Answer.self)
    let (tls, timeout, limit) = (tls, timeout, limit)
    let allowance = TimeAmount.nanoseconds(timeout.nanosecondsClamped)
    let timer = loop.scheduleTask(in: allowance) {
      promise.fail(HTTPSFault.timedOut(timeout))
    }
    let connected = ClientBootstrap(group: loop)
      .connectTimeout(allowance)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            try TLSHandler(
              client: tls, expecting: .hostname(url.host),
              timeouts: TLSTimeouts(handshake: timeout)))
          try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
          try pipeline.addHandler(GetHandler(url, limit: limit, answer: promise))
        }
      }
      .connect(host: url.host, port: url.port)
    connected.whenFailure { promise.fail(HTTPSFault.connection("\($0)")) }
    promise.futureResult.whenComplete { _ in
      timer.cancel()
      connected.whenSuccess { $0.close(promise: nil) }
    }
    do {
      return try await promise.futureResult.get()
    } catch let fault as HTTPSFault {
      throw fault
    } catch {
      throw .connection("\(error)")
    }
  }
}

/// Asks once, and collects the answer.
private final class GetHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let url: HTTPSURL
  private let limit: Int
  private let answer: EventLoopPromise<HTTPSClient.Answer>
  private var body: [UInt8] = []
  private var freshness: Duration?

  init(_ url: HTTPSURL, limit: Int, answer: EventLoopPromise<HTTPSClient.Answer>) {
    self.url = url
    self.limit = limit
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target)
    head.headers = [
      "host": url.authority, "accept": "application/json", "user-agent": "lockbox",
      "connection": "close",
    ]
    // Waits for the end of the handshake by itself.
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard head.status == .ok else { return fail(.status(Int(head.status.code))) }
      freshness = CacheControl.freshness(head.headers[canonicalForm: "cache-control"])
    case .body(let bytes):
      guard body.count + bytes.readableBytes <= limit else { return fail(.tooLarge(limit: limit)) }
      body += bytes.readableBytesView
    case .end:
      answer.succeed(HTTPSClient.Answer(body: body, freshness: freshness))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.invalidEOFState: fail(.truncated)
    case is HTTPParserError: fail(.connection("the answer is malformed (\(error))"))
    default: fail(.connection("\(error)"))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.truncated)
    context.fireChannelInactive()
  }

  private func fail(_ fault: HTTPSFault) { answer.fail(fault) }
}

/// `Cache-Control` (RFC 9111 §5.2.2).
enum CacheControl {
  /// - Parameter fields: the elements of all `Cache-Control` fields.
  static func freshness(_ fields: [some StringProtocol]) -> Duration? {
    var freshness: Duration?
    for field in fields {
      for directive in field.split(separator: ",") {
        let words = directive.split(separator: "=", maxSplits: 1)
        let name = words.first.map { $0.trimmingSpaces.lowercased() }
        switch name {
        case "no-store", "no-cache": return .zero
        case "max-age":
          guard let value = words.dropFirst().first else { return .zero }
          let digits = value.trimmingSpaces.filter { $0 != "\"" }
          // What is no number is stale (§4.2.1); what is beyond counting is for ever.
          guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return .zero
          }
          freshness = .seconds(Int32(digits) ?? .max)
        default: break
        }
      }
    }
    return freshness
  }
}

extension StringProtocol {
  fileprivate var trimmingSpaces: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
