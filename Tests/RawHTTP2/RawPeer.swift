public import NIOCore
public import NIOPosix
public import TLS

/// A client that sends what it is told to over TLS, and tells what comes back frame by frame.
public final class RawPeer: Sendable {
  public enum Event: Sendable, Hashable {
    case frame(RawFrame)
    /// The server ended the connection, or the network did.
    case closed
    /// Nobody ended it within the time that the peer was given.
    case timedOut
  }

  private let channel: any Channel
  private let handler: NIOLoopBound<RawPeerHandler>
  /// What came back, for one reader. Only the latest are kept for whoever does not read.
  public let events: AsyncStream<Event>

  private static let keptEvents = 4096

  private init(
    channel: any Channel, handler: NIOLoopBound<RawPeerHandler>, events: AsyncStream<Event>
  ) {
    self.channel = channel
    self.handler = handler
    self.events = events
  }

  /// Connects and finishes the TLS handshake; nothing of HTTP/2 is sent yet.
  ///
  /// - Parameters:
  ///   - limit: How long connecting may take; and from its end to the `.timedOut` that ends the events.
  ///   - below: A handler between TLS and the socket.
  /// - Throws: what ended the connection before its handshake was over.
  public static func connect(
    port: Int, tls: TLSContext, expecting server: ExpectedPeer, within limit: Duration,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    below: (@Sendable () -> any ChannelHandler & Sendable)? = nil
  ) async throws -> RawPeer {
    let (events, continuation) = AsyncStream.makeStream(
      of: Event.self, bufferingPolicy: .bufferingNewest(keptEvents))
    let (peer, ready) = try await ClientBootstrap(group: group)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let below { try pipeline.addHandler(below()) }
          try pipeline.addHandler(TLSHandler(client: tls, expecting: server))
          let ready = channel.eventLoop.makePromise(of: Void.self)
          let handler = RawPeerHandler(ready: ready, continuation, limit: limit)
          try pipeline.addHandler(handler)
          let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
          return (
            RawPeer(channel: channel, handler: bound, events: events), ready.futureResult
          )
        }
      }
    try await ready.get()
    return peer
  }

  /// Returns when the socket has taken the bytes.
  public func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  public func send(_ frames: [RawFrame]) async throws {
    try await send(frames.flatMap(\.bytes))
  }

  /// Stops and starts reading from the socket.
  public func setReading(_ isReading: Bool) async throws {
    try await channel.setOption(.autoRead, value: isReading).get()
  }

  /// Whether either end has ended the connection.
  public var isClosed: Bool { !channel.isActive }

  /// Returns when either end has ended the connection.
  public func waitUntilClosed() async { try? await channel.closeFuture.get() }

  public func close() async {
    try? await channel.close().get()
  }

  /// Goes without a word: no close_notify, no FIN that waits for anything.
  public func drop() {
    let handler = handler
    channel.eventLoop.execute { handler.value.drop() }
  }
}

private final class RawPeerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let ready: EventLoopPromise<Void>
  private let events: AsyncStream<RawPeer.Event>.Continuation
  private let limit: Duration
  private var reader = FrameReader()
  private var timer: Scheduled<Void>?
  private var context: ChannelHandlerContext?

  init(
    ready: EventLoopPromise<Void>, _ events: AsyncStream<RawPeer.Event>.Continuation,
    limit: Duration
  ) {
    self.ready = ready
    self.events = events
    self.limit = limit
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    startTimer(context)
  }

  private func startTimer(_ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = context.eventLoop.scheduleTask(in: TimeAmount(limit)) { [events, ready, limit] in
      ready.fail(ChannelError.connectTimeout(TimeAmount(limit)))
      events.yield(.timedOut)
      events.finish()
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    end(ChannelError.ioOnClosedChannel)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is TLSHandshakeCompleted {
      ready.succeed()
      startTimer(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    reader.append(unwrapInboundIn(data).readableBytesView)
    while let frame = reader.next() { events.yield(.frame(frame)) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(ChannelError.eof)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(error)
    context.close(promise: nil)
  }

  func drop() {
    // From TLS towards the socket: past TLS's own close_notify.
    try? context?.pipeline.syncOperations.context(handlerType: TLSHandler.self)
      .close(promise: nil)
  }

  private func end(_ error: any Error) {
    timer?.cancel()
    ready.fail(error)
    events.yield(.closed)
    events.finish()
  }
}
