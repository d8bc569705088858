internal import NIOCore

extension TLSHandler {
  /// Starts the handshake: a client speaks first, a server waits and has no connection yet.
  func begin(_ context: ChannelHandlerContext) {
    state = .handshaking
    let limit = timeouts.handshake
    arm(context, after: limit) { handler, context in
      let error = TLSConnectionError(.handshakeTimeout(limit), at: handler.side)
      handler.end(failingWith: error)
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
    if side == .client {
      connect(context)
      handshake(context)
    }
    // Without auto-read nobody else would ask for the peer's first bytes.
    context.read()
  }

  private func connect(_ context: ChannelHandlerContext) {
    do throws(TLSError) {
      connection = try TLSConnection(
        self.context.handle, side: side, expecting: expected, now: self.context.now())
    } catch {
      end(failingWith: error)
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
  }

  /// Keeps a client's first bytes until libssl can make something of them: for one that has said half
  /// a word libssl would hold 60 KiB.
  func listen(_ context: ChannelHandlerContext, _ received: ByteBuffer) {
    if hello.readableBytes > 0 { hello.writeImmutableBuffer(received) } else { hello = received }
    guard Self.isRecord(hello) != false else { return }
    connect(context)
    connection?.receive(hello)
    hello = ByteBuffer()
    handshake(context)
  }

  /// Whether the bytes are a whole record with a handshake's message (RFC 8446 §5.1); nil when they
  /// will never be.
  private static func isRecord(_ bytes: ByteBuffer) -> Bool? {
    let view = bytes.readableBytesView
    let header = view.prefix(5)
    guard zip(header, [22, 3] as [UInt8]).allSatisfy(==) else { return nil }
    guard header.count == 5 else { return false }
    let length = Int(header.dropFirst(3).first!) << 8 | Int(header.last!)
    guard length <= recordSize else { return nil }
    return view.count >= 5 + length
  }

  /// Takes the handshake as far as the bytes at hand allow.
  func handshake(_ context: ChannelHandlerContext) {
    guard let connection else { return }
    switch connection.handshake() {
    case .wantsData: sendCiphertext(context)
    case .failed(let error): refuse(context, error)
    case .done(let name):
      sendCiphertext(context)
      timer?.cancel()
      timer = nil
      state = .open
      context.fireUserInboundEventTriggered(
        TLSHandshakeCompleted(
          applicationProtocol: name, peer: connection.peerIdentity,
          certificates: connection.peerCertificates))
      if flushWaits && state == .open { encryptPending(context) }
    }
  }

  /// Sends what libssl has to say (its alert), reports, and ends the connection.
  func refuse(_ context: ChannelHandlerContext, _ error: TLSConnectionError) {
    state = .finishing
    timer?.cancel()
    timer = nil
    sendCiphertext(context)
    connection = nil
    failPending(error)
    if case .refusedByPeer = error.reason {
      end(failingWith: error)
      context.fireErrorCaught(error)
      context.close(promise: nil)
      return
    }
    linger(context)
    context.fireErrorCaught(error)
  }

  /// Gives the peer time to read our last bytes: closing at once with unread input would make the
  /// kernel send a reset, and the peer could lose the alert that says why.
  func linger(_ context: ChannelHandlerContext) {
    arm(context, after: timeouts.close) { handler, context in
      handler.end(failingWith: ChannelError.ioOnClosedChannel)
      context.close(promise: nil)
    }
  }

  private func arm(
    _ context: ChannelHandlerContext, after limit: Duration,
    _ body: @escaping (TLSHandler, ChannelHandlerContext) -> Void
  ) {
    // Strong, and cancelled in `end`: whoever has had a weak reference is dearer to retain for good.
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
      guard self.state != .closed else { return }
      body(self, context)
    }
  }
}
