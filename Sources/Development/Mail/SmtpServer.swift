internal import Domain
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceKit
internal import Synchronization
internal import TLS

/// The catcher's SMTP side.
final class SmtpServer: Sendable {
  private let mails: CaughtMails
  private let tls: TLSContext
  private let limits: SmtpLimits
  private let clock: any WallClock
  private let channel = Mutex<(any Channel)?>(nil)
  private let connections = Atomic(0)

  init(
    _ mails: CaughtMails, tls: TLSContext, limits: SmtpLimits = SmtpLimits(), clock: any WallClock
  ) {
    self.mails = mails
    self.tls = tls
    self.limits = limits
    self.clock = clock
  }

  /// - Returns: where it listens.
  func start(_ address: Address) async throws -> Address {
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] child in
        child.eventLoop.makeCompletedFuture {
          let count = connections.add(1, ordering: .relaxed).newValue
          child.closeFuture.whenComplete { [self] _ in
            connections.subtract(1, ordering: .relaxed)
          }
          let pipeline = child.pipeline.syncOperations
          try pipeline.addHandler(
            IdleStateHandler(allTimeout: .nanoseconds(limits.idle.nanosecondsClamped)))
          try pipeline.addHandler(
            SmtpHandler(
              mails, tls, limits, clock, isWelcome: count <= limits.connections))
        }
      }
      .bind(host: address.host, port: address.port).get()
    channel.withLock { $0 = bound }
    return Address(host: address.host, port: bound.localAddress?.port ?? address.port)
  }

  func stop() async {
    let bound = channel.withLock { $0.take() }
    try? await bound?.close().get()
  }
}

/// One connection: cuts lines, and does what the session says.
final class SmtpHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let mails: CaughtMails
  private let tls: TLSContext
  private let clock: any WallClock
  private let isWelcome: Bool
  private var session: SmtpSession
  private var received: [UInt8] = []
  private var isClosing = false

  init(
    _ mails: CaughtMails, _ tls: TLSContext, _ limits: SmtpLimits, _ clock: any WallClock,
    isWelcome: Bool
  ) {
    self.mails = mails
    self.tls = tls
    self.clock = clock
    self.isWelcome = isWelcome
    session = SmtpSession(limits)
  }

  func channelActive(context: ChannelHandlerContext) {
    if isWelcome {
      write(SmtpSession.greeting, context)
      context.flush()
    } else {
      end("421 4.3.2 too many connections", context)
    }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    received += unwrapInboundIn(data).readableBytesView
    let now = clock.now()
    var start = 0
    var scanned = 0
    while !isClosing, let end = lineEnd(from: &scanned) {
      let line = received[start..<end]
      start = end + 2
      scanned = start
      guard line.count <= session.longestLine else { break }
      for action in session.receive(line, at: now) { perform(action, context) }
    }
    received.removeFirst(min(start, received.count))
    if !isClosing, received.count > session.longestLine + 1 {
      end("500 5.5.2 the line is too long", context)
    }
    context.flush()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent, !isClosing {
      end("421 4.4.2 nothing was said for too long", context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// Where the next CR LF begins.
  private func lineEnd(from index: inout Int) -> Int? {
    while index + 1 < received.count {
      if received[index] == 0x0d, received[index + 1] == 0x0a { return index }
      index += 1
    }
    return nil
  }

  private func perform(_ action: SmtpSession.Action, _ context: ChannelHandlerContext) {
    switch action {
    case .reply(let text): write(text, context)
    case .caught(let mail): mails.add(mail)
    case .close: close(context)
    case .startTLS:
      context.flush()
      // What came in the clear behind the command is nobody's word (CVE-2011-0411).
      received = []
      do {
        try context.pipeline.syncOperations.addHandler(
          TLSHandler(server: tls), position: .before(self))
      } catch {
        close(context)
      }
    }
  }

  private func end(_ reply: String, _ context: ChannelHandlerContext) {
    write(reply, context)
    close(context)
  }

  private func close(_ context: ChannelHandlerContext) {
    isClosing = true
    received = []
    context.flush()
    context.close(promise: nil)
  }

  private func write(_ text: String, _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
  }
}
