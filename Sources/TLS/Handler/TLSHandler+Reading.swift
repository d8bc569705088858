public import NIOCore

extension TLSHandler {
  public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let received = unwrapInboundIn(data)
    guard let connection else {
      if state == .handshaking { listen(context, received) }
      return
    }
    switch state {
    case .handshaking:
      connection.receive(received)
      handshake(context)
      // The peer's first data may have come along.
      if state == .open { deliver(context, connection, expecting: 0) }
    case .open:
      connection.receive(received)
      deliver(context, connection, expecting: received.readableBytes)
    case .finishing:
      connection.receive(received)
      awaitEnd(context, connection)
    case .waiting, .closed: break
    }
  }

  public func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    // Bytes arrived, but no plaintext: whoever asked to read, or the handshake, still waits.
    if !deliveredPlaintext && state != .closed { context.read() }
    deliveredPlaintext = false
  }

  private func deliver(
    _ context: ChannelHandlerContext, _ connection: TLSConnection, expecting count: Int
  ) {
    // Allocates only when the one before is still held by somebody.
    plaintext.clear()
    plaintext.reserveCapacity(count)
    let outcome = connection.read(into: &plaintext)
    // The answer to a key update.
    sendCiphertext(context)
    if plaintext.readableBytes > 0 {
      deliveredPlaintext = true
      context.fireChannelRead(wrapInboundOut(plaintext))
      if plaintext.storageCapacity > Self.idleCapacity { plaintext = ByteBuffer() }
    }
    switch outcome {
    case .wantsData: break
    case .ended:
      // The application may have closed while it was given the last bytes.
      if state == .open {
        connection.sendCloseNotify()
        sendCiphertext(context)
      }
      end(failingWith: ChannelError.ioOnClosedChannel)
      context.close(promise: nil)
    case .failed(let error):
      if state == .open { refuse(context, error) }
    }
  }

  /// Discards data after our close_notify until the peer's own, or any error.
  private func awaitEnd(_ context: ChannelHandlerContext, _ connection: TLSConnection) {
    plaintext.clear()
    switch connection.read(into: &plaintext) {
    case .wantsData: break
    case .ended, .failed:
      end(failingWith: ChannelError.ioOnClosedChannel)
      context.close(promise: nil)
    }
  }

  /// Buffers up to this size are kept between events.
  static var idleCapacity: Int { 32 << 10 }
}
