internal import CNghttp2
internal import NIOCore

/// The last handler of a channel's pipeline: feeds an `HTTP2Session` what the channel reads and
/// writes what the session has to say, once a tick. The server's and the client's connections are
/// subclasses that override the events.
///
/// Confined to its channel's event loop.
class HTTP2Connection: ChannelInboundHandler, HTTP2SessionDelegate, TickOutput,
  @unchecked Sendable
{
  // Unchecked: every access is on the channel's event loop; whoever comes from elsewhere hops.
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Bytes gathered in one tick: bounds what a connection holds beyond nghttp2's and the channel's
  /// own buffers, and lets other connections have their turn.
  private static let outputLimit = 256 << 10
  /// A gathering buffer above this is given back: hundreds of idle connections each have one.
  private static let keptCapacity = 16 << 10

  final let executor: LoopExecutor
  /// Set once, because it needs its delegate: a client's in `init`, a server's when it starts, since
  /// thousands may be in their handshakes.
  @exclusivity(unchecked) final private(set) var session: HTTP2Session!
  private let role: HTTP2Session.Role
  private let settings: HTTP2Settings
  /// Present while the handler is in an active channel's pipeline.
  @exclusivity(unchecked) final private(set) var context: ChannelHandlerContext?
  @exclusivity(unchecked) private final var output = ByteBuffer()
  /// What is being received.
  @exclusivity(unchecked) private final var incoming = ByteBuffer()
  @exclusivity(unchecked) private final var reading = false
  @exclusivity(unchecked) private final var failed = false
  @exclusivity(unchecked) private final var leftOver = false

  init(role: HTTP2Session.Role, settings: HTTP2Settings, executor: LoopExecutor) {
    self.executor = executor
    self.role = role
    self.settings = settings
    if role == .client { makeSession() }
  }

  private func makeSession() {
    session = HTTP2Session(role: role, settings: settings, delegate: self)
  }

  // MARK: - Events for subclasses

  /// The connection may be used: `start()` has to be called when the handshake allows it.
  func activated() {}
  /// An event of another handler, such as the end of the TLS handshake.
  func received(event: Any) {}
  /// Bytes have come and are about to be received.
  func willReceive() {}
  /// The transport is gone and every stream has been closed. Called once.
  func ended(_ error: (any Error)?) {}

  func makeStream(id: Int32) -> HTTP2Stream? { nil }
  /// Bytes that the peer sent: what may be received is handed to the session.
  func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionError) {
    try session.receive(bytes)
  }
  /// What is to be sent waits for a peer that does not read.
  func isBlocked() {}
  func receivedFrame(type: UInt8, flags: UInt8, length: Int) {}
  func receivedExcess(_ excess: HeaderListExcess) {}
  func receivedSettings() {}
  func receivedPingAcknowledgement(_ opaque: UInt64) {}
  func receivedGoAway(_ code: HTTP2ErrorCode, lastStream: Int32) {}
  func sentReset(_ code: HTTP2ErrorCode) {}
  func sentGoAway(_ code: HTTP2ErrorCode) {}

  // MARK: - For subclasses

  /// Sends the preface.
  final func start() {
    if session == nil { makeSession() }
    session.start()
  }

  /// Closes the transport after what has been gathered is on its way.
  final func close() {
    executor.assertOnLoop()
    context?.close(promise: nil)
  }

  /// Ends everything at once because of `error`.
  final func fail(_ error: (any Error)?) {
    executor.assertOnLoop()
    guard !failed else { return }
    failed = true
    session?.close(.internalError)
    ended(error)
    context?.close(promise: nil)
  }

  /// The part of what is being received that `bytes` of a DATA frame are, without a copy.
  final func slice(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer? {
    guard let start = bytes.baseAddress else { return nil }
    let offset = incoming.withUnsafeReadableBytes { start - $0.baseAddress! }
    return incoming.getSlice(at: incoming.readerIndex + offset, length: bytes.count)
  }

  final func sessionHasOutput() {
    executor.add(self)
  }

  /// Frames wait in the session since the channel takes no more.
  final var hasLeftOver: Bool { leftOver }

  /// Bytes that wait in the channel for the socket.
  final var bufferedBytes: Int {
    (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  // MARK: - TickOutput

  final func gather() {
    executor.assertOnLoop()
    guard !failed, let context else { return }
    // A peer that does not read is not written for: frames wait in the session, bytes in the
    // streams' queues, and producers in `send`.
    guard context.channel.isWritable else {
      leftOver = true
      isBlocked()
      return
    }
    do throws(HTTP2SessionError) {
      leftOver = try session.send(into: &output, limit: Self.outputLimit)
    } catch {
      fail(error)
    }
  }

  final func flush() {
    executor.assertOnLoop()
    guard let context else { return }
    if output.readableBytes > 0 {
      context.writeAndFlush(wrapOutboundOut(output), promise: nil)
      // TLS has copied the bytes by now: the usual small buffer is used again.
      if output.capacity > Self.keptCapacity { output = ByteBuffer() } else { output.clear() }
    }
    guard !failed else { return }
    if leftOver {
      if context.channel.isWritable { sessionHasOutput() }
    } else if !session.isAlive {
      context.close(promise: nil)
    }
  }

  // MARK: - ChannelInboundHandler

  final func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    executor.workers.enter()
    if context.channel.isActive { activated() }
  }

  final func handlerRemoved(context: ChannelHandlerContext) {
    fail(nil)
    self.context = nil
    executor.workers.leave()
    if reading { executor.abandonTick() }
  }

  final func channelActive(context: ChannelHandlerContext) {
    activated()
    context.fireChannelActive()
  }

  final func channelInactive(context: ChannelHandlerContext) {
    fail(nil)
    context.fireChannelInactive()
  }

  final func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !failed else { return }
    executor.beginTick()
    reading = true
    willReceive()
    incoming = unwrapInboundIn(data)
    do {
      try incoming.withUnsafeReadableBytes { try receive($0) }
    } catch {
      fail(error)
    }
    incoming = ByteBuffer()
  }

  final func channelReadComplete(context: ChannelHandlerContext) {
    if reading {
      reading = false
      executor.endTick()
    }
    context.fireChannelReadComplete()
  }

  final func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, leftOver { sessionHasOutput() }
    context.fireChannelWritabilityChanged()
  }

  final func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    received(event: event)
    context.fireUserInboundEventTriggered(event)
  }

  final func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error)
  }
}
