internal import Domain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import TLS

/// `GET` and `POST` over HTTP/1.1 and our own TLS, one connection a request: for the few small
/// documents that a service needs of others. No redirections, no cookies, no compression.
public struct HTTPSClient: Sendable {
  let tls: TLSContext
  let timeout: Duration
  /// The largest body, in bytes.
  let limit: Int

  public struct Answer: Sendable, Hashable {
    public let status: Int
    /// The media type, as it is written; empty where there is none.
    public let type: String
    public let body: [UInt8]
    /// How long the answer stays fresh (RFC 9111 §5.2.2); nil where it does not say.
    let freshness: Duration?
  }

  /// What is asked.
  fileprivate struct Question: Sendable {
    let url: HTTPSURL
    var method = HTTPMethod.GET
    var type = ""
    var body: [UInt8] = []
    var authorization: String?
  }

  /// - Parameters:
  ///   - authorities: PEM file of whom to trust.
  public init(
    authorities: String, timeout: Duration = .seconds(5), limit: Int = 256 << 10
  ) throws(TLSError) {
    var configuration = TLSConfiguration.client(trustRootsFile: authorities)
    configuration.applicationProtocols = ["http/1.1"]
    configuration.requiresApplicationProtocol = false
    tls = try TLSContext(configuration)
    self.timeout = timeout
    self.limit = limit
  }

  /// - Throws: also for every other status than 200.
  public func get(_ url: HTTPSURL) async throws(HTTPSFault) -> Answer {
    let answer = try await ask(Question(url: url))
    guard answer.status == 200 else { throw .status(answer.status) }
    return answer
  }

  /// - Parameter authorization: the value of an `authorization` field.
  /// - Returns: the answer, whatever its status.
  public func post(
    _ body: [UInt8], type: String, to url: HTTPSURL, authorization: String? = nil
  ) async throws(HTTPSFault) -> Answer {
    try await ask(
      Question(
        url: url, method: .POST, type: type, body: body, authorization: authorization))
  }

  private func ask(_ question: Question) async throws(HTTPSFault) -> Answer {
    let url = question.url
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
          try pipeline.addHandler(AskingHandler(question, limit: limit, answer: promise))
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
private final class AskingHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let question: HTTPSClient.Question
  private let limit: Int
  private let answer: EventLoopPromise<HTTPSClient.Answer>
  private var head: HTTPResponseHead?
  private var body: [UInt8] = []

  init(
    _ question: HTTPSClient.Question, limit: Int, answer: EventLoopPromise<HTTPSClient.Answer>
  ) {
    self.question = question
    self.limit = limit
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    let url = question.url
    var head = HTTPRequestHead(version: .http1_1, method: question.method, uri: url.target)
    head.headers = ["host": url.authority, "user-agent": "lockbox", "connection": "close"]
    if let authorization = question.authorization {
      head.headers.add(name: "authorization", value: authorization)
    }
    if question.method == .GET {
      head.headers.add(name: "accept", value: "application/json")
    } else {
      head.headers.add(name: "content-type", value: question.type)
      head.headers.add(name: "content-length", value: "\(question.body.count)")
    }
    // Waits for the end of the handshake by itself.
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !question.body.isEmpty {
      let body = ByteBuffer(bytes: question.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(let bytes):
      guard body.count + bytes.readableBytes <= limit else { return fail(.tooLarge(limit: limit)) }
      body += bytes.readableBytesView
    case .end:
      guard let head else { return fail(.truncated) }
      answer.succeed(
        HTTPSClient.Answer(
          status: Int(head.status.code), type: head.headers["content-type"].first ?? "", body: body,
          freshness: CacheControl.freshness(head.headers[canonicalForm: "cache-control"])))
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
