internal import Domain
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
internal import TLS

/// One request and where its answer goes.
struct Exchange: Sendable {
  let head: HTTPRequestHead
  let body: ByteBuffer
  let timeout: Duration
  let answer: EventLoopPromise<OutboundAnswer>
}

/// Whether another exchange may be tried on a connection. It ends with the decision to close, which
/// comes before the end of the channel: TLS says goodbye first.
final class Usability: Sendable {
  private let state = Atomic(true)

  var isUsable: Bool { state.load(ordering: .acquiring) }

  func end() { state.store(false, ordering: .releasing) }
}

/// Sends exchanges one after another. The answer is the status: its body is read only to keep the
/// connection, and one that is long or slow costs the connection, not the answer.
final class ExchangeHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Exchange
  typealias OutboundOut = HTTPClientRequestPart

  private var exchange: Exchange?
  private var head: HTTPResponseHead?
  private var bodyBytes = 0
  private var timer: Scheduled<Void>?
  private let usability: Usability
  /// Kept once the peer has proved who it is, broken when it never does.
  private let ready: EventLoopPromise<Void>

  init(_ usability: Usability, ready: EventLoopPromise<Void>) {
    self.usability = usability
    self.ready = ready
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is TLSHandshakeCompleted { ready.succeed() }
    context.fireUserInboundEventTriggered(event)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    precondition(self.exchange == nil, "one exchange at a time")
    self.exchange = exchange
    let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: .nanoseconds(exchange.timeout.nanosecondsClamped)) {
      let (handler, context) = loopBound.value
      handler.end(context, .timedOut(exchange.timeout))
    }
    context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
    case .body(let bytes):
      bodyBytes += bytes.readableBytes
      if bodyBytes > OutboundClient.bodyLimit { end(context, .closed) }
    case .end:
      let keepsAlive = head?.isKeepAlive ?? false
      if !keepsAlive { usability.end() }
      answer()
      if !keepsAlive { context.close(promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(
      context,
      error is HTTPParserError ? .connection("malformed: \(error)") : .connection("\(error)"))
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(context, .closed)
    context.fireChannelInactive()
  }

  /// The end of the connection: an answer whose head has come counts.
  private func end(_ context: ChannelHandlerContext, _ fault: OutboundFault) {
    usability.end()
    ready.fail(fault)
    if head != nil { answer() } else { fail(fault) }
    context.close(promise: nil)
  }

  private func answer() {
    guard let head else { return }
    finish()?.succeed(
      OutboundAnswer(
        status: Int(head.status.code), retryAfter: head.headers.first(name: "retry-after")))
  }

  private func fail(_ fault: OutboundFault) { finish()?.fail(fault) }

  private func finish() -> EventLoopPromise<OutboundAnswer>? {
    let promise = exchange?.answer
    exchange = nil
    head = nil
    bodyBytes = 0
    timer?.cancel()
    timer = nil
    return promise
  }
}
