internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import TLS

/// Bytes of a request have come; the HTTP decoder below may hold them back for long.
struct RequestBytes: Sendable {}

/// Ends connections that keep us waiting, answers what is no HTTP, and keeps who the peer is.
///
/// Stands above the HTTP codec and below Hummingbird's own handlers, which look only at whole parts
/// and so never tire of a caller who sends a byte a minute.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: WebLimits
  private let metrics: WebMetrics
  /// That stand in every answer.
  private let fields: [WebField]
  private var pace: Pace
  private var timer: (task: Scheduled<Void>, at: NIODeadline)?
  private var openedAt: NIODeadline?
  private var isLast = false
  private var isOpen = false

  /// From the handshake on; nil where the peer showed no certificate.
  private(set) var peer: PeerIdentity?
  private(set) var certificates: PeerCertificates?

  init(_ limits: WebLimits, _ metrics: WebMetrics, _ fields: [WebField]) {
    self.fields = fields
    self.limits = limits
    self.metrics = metrics
    pace = Pace(limits)
  }

  func handlerRemoved(context: ChannelHandlerContext) { ended() }

  func channelInactive(context: ChannelHandlerContext) {
    ended()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case let event as TLSHandshakeCompleted:
      peer = event.peer
      certificates = event.certificates
      openedAt = .now()
      isOpen = true
      metrics.connectionOpened()
      pace.handshakeEnded(at: .now())
      arm(context)
      context.fireUserInboundEventTriggered(event)
    case is RequestBytes:
      pace.bytesCame(at: .now())
      arm(context)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: pace.headCame(at: .now())
    case .body: break
    case .end: pace.requestEnded(at: .now())
    }
    arm(context)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var part = unwrapOutboundIn(data)
    let written = promise ?? context.eventLoop.makePromise()
    let unowned = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    pace.willSend(at: .now())
    written.futureResult.whenComplete { _ in
      let (handler, context) = unowned.value
      handler.pace.sent(at: .now())
      handler.arm(context)
    }
    var isEnd = false
    switch part {
    case .head(var head) where head.status.kind != .informational && isTooOld:
      isLast = true
      head.headerFields[.connection] = "close"
      part = .head(head)
    case .head, .body: break
    case .end:
      isEnd = true
      pace.answered(at: .now())
    }
    arm(context)
    guard isEnd, isLast else {
      return context.write(wrapOutboundOut(part), promise: written)
    }
    context.writeAndFlush(wrapOutboundOut(part), promise: written)
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as TLSConnectionError:
      if !isOpen { metrics.handshakeRefused(error.reason) }
      context.fireErrorCaught(error)
    case is IOError, is ChannelError, HTTPParserError.invalidEOFState:
      context.fireErrorCaught(error)
    default:
      // What follows cannot be told apart from the rest of this: say so, and end.
      metrics.connectionEnded(by: "malformed")
      if pace.isBetweenAnswers {
        let isLarge = (error as? HTTPParserError) == .headerOverflow
        say(isLarge ? .headTooLarge : .malformed, context)
      }
      context.close(promise: nil)
    }
  }

  private func say(_ error: WebError, _ context: ChannelHandlerContext) {
    let response = WebResponse(error)
    var fields = HTTPFields(response.fields + self.fields)
    fields[.connection] = "close"
    fields[.contentLength] = "\(response.body.count)"
    let head = HTTPResponse(status: .init(code: response.status), headerFields: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: response.body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  private var isTooOld: Bool {
    openedAt.map { NIODeadline.now() - $0 >= TimeAmount(limits.age) } ?? false
  }

  private func ended() {
    timer?.task.cancel()
    timer = nil
    guard isOpen else { return }
    isOpen = false
    metrics.connectionClosed()
  }

  /// One timer for all deadlines; one that moved away is found out when it fires.
  private func arm(_ context: ChannelHandlerContext) {
    guard isOpen, let deadline = pace.deadline else { return }
    if let timer {
      guard deadline < timer.at else { return }
      timer.task.cancel()
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let task = context.eventLoop.scheduleTask(deadline: deadline) {
      let (handler, context) = bound.value
      handler.timer = nil
      guard handler.isOpen else { return }
      guard let failing = handler.pace.failing(at: .now()) else { return handler.arm(context) }
      handler.metrics.connectionEnded(by: failing.rawValue)
      context.close(promise: nil)
    }
    timer = (task, deadline)
  }
}

extension HTTPFields {
  /// Names that are none are left out: they are constants of handlers.
  init(_ fields: [WebField]) {
    self.init()
    for field in fields {
      guard let name = HTTPField.Name(field.name) else {
        assertionFailure("\(field.name) is no field's name")
        continue
      }
      append(HTTPField(name: name, value: field.value))
    }
  }
}
