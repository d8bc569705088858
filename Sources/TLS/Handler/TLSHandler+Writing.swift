public import NIOCore

extension TLSHandler {
  public func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    switch state {
    case .waiting, .handshaking, .open:
      pending.append(unwrapOutboundIn(data))
      if let promise { pendingPromise.setOrCascade(to: promise) }
    case .finishing, .closed: promise?.fail(ChannelError.ioOnClosedChannel)
    }
  }

  public func flush(context: ChannelHandlerContext) {
    switch state {
    case .open: encryptPending(context)
    case .waiting, .handshaking: flushWaits = true
    case .finishing, .closed: break
    }
  }

  public func close(
    context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
  ) {
    guard mode == .all else {
      promise?.fail(ChannelError.operationUnsupported)
      return
    }
    switch state {
    case .waiting, .handshaking, .closed:
      end(failingWith: ChannelError.ioOnClosedChannel)
      context.close(promise: promise)
    case .open:
      context.channel.closeFuture.cascade(to: promise)
      state = .finishing
      failPending(ChannelError.ioOnClosedChannel)
      connection?.sendCloseNotify()
      sendCiphertext(context)
      linger(context)
    case .finishing: context.channel.closeFuture.cascade(to: promise)
    }
  }

  /// Encrypts all writes so far and passes them on as one, unless they are very large.
  func encryptPending(_ context: ChannelHandlerContext) {
    guard let connection, !pending.isEmpty else {
      context.flush()
      return
    }
    let promise = pendingPromise
    pendingPromise = nil
    ciphertext.clear()
    do throws(TLSConnectionError) {
      if pending.count == 1, let only = pending.popLast() {
        try encrypt(only, connection, context)
      } else {
        try encryptSeveral(connection, context)
      }
    } catch {
      promise?.fail(error)
      refuse(context, error)
      return
    }
    if !pending.isEmpty { pending.removeAll(keepingCapacity: true) }
    context.writeAndFlush(wrapOutboundOut(ciphertext), promise: promise)
    if ciphertext.storageCapacity > Self.idleCapacity { ciphertext = ByteBuffer() }
  }

  /// Joins small buffers so that they share records; a large one goes as it is.
  private func encryptSeveral(
    _ connection: TLSConnection, _ context: ChannelHandlerContext
  ) throws(TLSConnectionError) {
    staging.clear()
    for buffer in pending {
      if staging.readableBytes + buffer.readableBytes > Self.recordSize {
        try encrypt(staging, connection, context)
        staging.clear()
      }
      if buffer.readableBytes >= Self.recordSize {
        try encrypt(buffer, connection, context)
      } else {
        buffer.withUnsafeReadableBytes { _ = staging.writeBytes($0) }
      }
    }
    try encrypt(staging, connection, context)
  }

  private func encrypt(
    _ buffer: ByteBuffer, _ connection: TLSConnection, _ context: ChannelHandlerContext
  ) throws(TLSConnectionError) {
    try buffer.withUnsafeReadableBytes { bytes throws(TLSConnectionError) in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = try connection.write(UnsafeRawBufferPointer(rebasing: rest), into: &ciphertext)
        rest = rest.dropFirst(count)
        guard ciphertext.readableBytes >= Self.writeSize else { continue }
        context.write(wrapOutboundOut(ciphertext), promise: nil)
        ciphertext.clear()
      }
    }
  }

  /// Passes on what libssl has to say on its own account.
  func sendCiphertext(_ context: ChannelHandlerContext) {
    guard let connection, connection.hasCiphertext else { return }
    ciphertext.clear()
    connection.drain(into: &ciphertext)
    context.writeAndFlush(wrapOutboundOut(ciphertext), promise: nil)
  }

  /// A large flush goes out in pieces of about this size, so that no buffer grows without end.
  private static var writeSize: Int { 256 << 10 }
  /// The most plaintext that a record holds (RFC 8446 §5.1).
  static var recordSize: Int { 16 << 10 }
}
