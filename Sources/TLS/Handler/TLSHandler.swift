public import NIOCore

/// TLS for one channel: ciphertext towards the socket, plaintext towards the application.
///
/// - Fires `TLSHandshakeCompleted` as a user inbound event, before any plaintext.
/// - Collects writes and encrypts them at the flush: one record and one outbound write for anything
///   up to 16 KiB. Writes before the end of the handshake wait for it.
/// - `channelActive` passes at once; begin to speak at `TLSHandshakeCompleted`.
/// - A refusal or a break is fired as a `TLSConnectionError`; the handler sends the alert and
///   closes the channel itself, after `TLSTimeouts.close` at the latest, so that the peer can read
///   why.
/// - `close()` sends close_notify and waits as long for the peer's. Only mode `.all` is supported:
///   ending one direction is the business of the protocol above.
public final class TLSHandler: ChannelDuplexHandler {
  public typealias InboundIn = ByteBuffer
  public typealias InboundOut = ByteBuffer
  public typealias OutboundIn = ByteBuffer
  public typealias OutboundOut = ByteBuffer

  enum State {
    /// The channel is not active yet.
    case waiting
    case handshaking
    case open
    /// Our last bytes are sent; what arrives is discarded until the peer ends too, or the timer.
    case finishing
    case closed
  }

  // Loop-confined, hence unchecked exclusivity on what every read and write touches: no access to
  // one of these overlaps a call out of this class.
  @exclusivity(unchecked) var state = State.waiting
  @exclusivity(unchecked) var connection: TLSConnection?
  /// A server's: what came before there was a connection.
  var hello = ByteBuffer()
  @exclusivity(unchecked) var plaintext = ByteBuffer()
  @exclusivity(unchecked) var ciphertext = ByteBuffer()
  @exclusivity(unchecked) var staging = ByteBuffer()
  @exclusivity(unchecked) var pending: [ByteBuffer] = []
  @exclusivity(unchecked) var pendingPromise: EventLoopPromise<Void>?
  @exclusivity(unchecked) var deliveredPlaintext = false
  var flushWaits = false
  var timer: Scheduled<Void>?

  let context: TLSContext
  let expected: ExpectedPeer?
  let timeouts: TLSTimeouts

  /// A server's handler.
  /// - Parameter context: one of the server role.
  public init(server context: TLSContext, timeouts: TLSTimeouts = .standard) {
    precondition(context.configuration.side == .server, "a client's context in a server")
    self.context = context
    self.timeouts = timeouts
    expected = nil
  }

  /// A client's handler.
  /// - Parameters:
  ///   - context: one of the client role.
  ///   - peer: whom the server's certificate must name.
  /// - Throws: `.invalidName` for a name that is empty, holds a NUL or ends with a dot.
  public init(
    client context: TLSContext, expecting peer: ExpectedPeer, timeouts: TLSTimeouts = .standard
  ) throws(TLSError) {
    precondition(context.configuration.side == .client, "a server's context in a client")
    guard peer.isCheckable else {
      throw TLSError(.invalidName(peer.name))
    }
    self.context = context
    self.timeouts = timeouts
    expected = peer
  }

  // MARK: Channel events

  public func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  public func handlerRemoved(context: ChannelHandlerContext) {
    end(failingWith: ChannelError.ioOnClosedChannel)
  }

  public func channelActive(context: ChannelHandlerContext) {
    if state == .waiting { begin(context) }
    context.fireChannelActive()
  }

  public func channelInactive(context: ChannelHandlerContext) {
    let reason: TLSConnectionError.Reason? =
      switch state {
      case .handshaking: .closedInHandshake
      case .open: .truncated
      case .waiting, .finishing, .closed: nil
      }
    end(failingWith: ChannelError.ioOnClosedChannel)
    if let reason { context.fireErrorCaught(TLSConnectionError(reason, at: side)) }
    context.fireChannelInactive()
  }

  /// Stops the timer and fails what was not sent.
  func end(failingWith error: any Error) {
    state = .closed
    timer?.cancel()
    timer = nil
    failPending(error)
  }

  func failPending(_ error: any Error) {
    pending.removeAll()
    let promise = pendingPromise
    pendingPromise = nil
    promise?.fail(error)
  }

  var side: TLSSide { context.configuration.side }
}
