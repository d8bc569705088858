internal import NIOCore
internal import NIOEmbedded
internal import TLS
internal import Testing

@Suite("The handler")
struct HandlerTests {
  @Test("all writes before a flush leave as one record in one write")
  func oneWrite() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    for byte in UInt8(1)...40 {
      pair.server.write(ByteBuffer(repeating: byte, count: 100), promise: nil)
    }
    #expect(try pair.server.readOutbound(as: ByteBuffer.self) == nil)
    pair.server.flush()
    let sent = try #require(try pair.server.readOutbound(as: ByteBuffer.self))
    #expect(try pair.server.readOutbound(as: ByteBuffer.self) == nil)
    // The content's type is one byte, the tag of the cipher sixteen.
    #expect(EmbeddedPair.records(sent) == [4000 + 1 + 16])
    try pair.client.writeInbound(sent)
    let received = try #require(try pair.client.readInbound(as: ByteBuffer.self))
    #expect(
      Array(received.readableBytesView) == (1...40).flatMap { [UInt8](repeating: $0, count: 100) })
  }

  @Test(
    "writes of every size arrive in order",
    arguments: [
      [1], [16_384], [16_385], [10, 16_384, 10], [16_000, 1000], [700_000, 3], [0, 5, 0], [0],
    ])
  func sizes(_ sizes: [Int]) throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    var expected: [UInt8] = []
    for (index, size) in sizes.enumerated() {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
      expected += bytes
      pair.client.write(ByteBuffer(bytes: bytes), promise: nil)
    }
    pair.client.flush()
    try pair.pump()
    var received: [UInt8] = []
    while let next = try pair.server.readInbound(as: ByteBuffer.self) {
      received += next.readableBytesView
    }
    #expect(received == expected)
  }

  @Test("a write's promise is kept when its bytes are out, and every one of a flush")
  func promises() throws {
    let pair = try EmbeddedPair(PKI())
    let early = pair.client.writeAndFlush(ByteBuffer(string: "before the handshake"))
    try pair.pump()
    try early.wait()
    let first = pair.client.write(ByteBuffer(string: "a"))
    let second = pair.client.write(ByteBuffer(string: "b"))
    pair.client.flush()
    try first.wait()
    try second.wait()
    try pair.pump()
    let received = try #require(try pair.server.readInbound(as: ByteBuffer.self))
    #expect(String(buffer: received) == "before the handshake")
  }

  @Test("records that arrive in pieces are put together, several at once are all delivered")
  func pieces() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    var wire = ByteBuffer()
    for text in ["one", "two", "three"] {
      pair.client.writeAndFlush(ByteBuffer(string: text), promise: nil)
      var record = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
      wire.writeBuffer(&record)
    }
    for byte in wire.readableBytesView { try pair.server.writeInbound(ByteBuffer(bytes: [byte])) }
    var texts: [String] = []
    while let next = try pair.server.readInbound(as: ByteBuffer.self) {
      texts.append(String(buffer: next))
    }
    #expect(texts == ["one", "two", "three"])
  }

  @Test("a connection that breaks off without close_notify is reported as truncated")
  func truncation() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    pair.server.pipeline.fireChannelInactive()
    #expect(reason(at: pair.server) == .truncated)
  }

  @Test("close sends close_notify, the peer answers with its own, and both are closed")
  func closeNotify() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    let closed = pair.client.close()
    #expect(pair.client.isActive)
    let notify = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
    #expect(EmbeddedPair.records(notify).count == 1)
    try pair.server.writeInbound(notify)
    #expect(!pair.server.isActive)
    let answer = try #require(try pair.server.readOutbound(as: ByteBuffer.self))
    try pair.client.writeInbound(answer)
    #expect(!pair.client.isActive)
    pair.client.embeddedEventLoop.run()
    try closed.wait()
    try pair.client.throwIfErrorCaught()
    try pair.server.throwIfErrorCaught()
  }

  @Test("a peer that does not answer our close_notify is waited for no longer than agreed")
  func closeTimeout() throws {
    let pair = try EmbeddedPair(PKI(), timeouts: TLSTimeouts(close: .seconds(3)))
    try pair.pump()
    let closed = pair.client.close()
    pair.client.embeddedEventLoop.advanceTime(by: .milliseconds(2999))
    #expect(pair.client.isActive)
    pair.client.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(!pair.client.isActive)
    try closed.wait()
  }

  @Test("a write after close fails")
  func writeAfterClose() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    let unsent = pair.client.write(ByteBuffer(string: "never flushed"))
    pair.client.close(promise: nil)
    #expect(throws: ChannelError.self) { try unsent.wait() }
    #expect(throws: ChannelError.self) {
      try pair.client.writeAndFlush(ByteBuffer(string: "late")).wait()
    }
  }

  @Test("a handshake that takes too long is given up")
  func handshakeTimeout() throws {
    let limit = Duration.seconds(5)
    let pair = try EmbeddedPair(PKI(), timeouts: TLSTimeouts(handshake: limit))
    pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(4999))
    #expect(pair.server.isActive)
    pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(!pair.server.isActive)
    #expect(reason(at: pair.server) == .handshakeTimeout(limit))
  }

  @Test("a finished handshake leaves no timer behind")
  func noTimer() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    pair.server.embeddedEventLoop.advanceTime(by: .hours(1))
    #expect(pair.server.isActive)
    try pair.server.throwIfErrorCaught()
  }

  @Test("a client's first message cut at any byte ends in an orderly refusal")
  func cutAnywhere() throws {
    let pki = try PKI()
    let client = try TLSContext(pki.clientConfiguration())
    let server = try TLSContext(pki.serverConfiguration())
    let first = try EmbeddedPair(client, server)
    let hello = try #require(try first.client.readOutbound(as: ByteBuffer.self))
    for length in 0..<hello.readableBytes {
      let pair = try EmbeddedPair(client, server)
      try pair.server.writeInbound(try #require(hello.getSlice(at: 0, length: length)))
      #expect(try pair.server.readOutbound(as: ByteBuffer.self) == nil)
      pair.server.pipeline.fireChannelInactive()
      #expect(reason(at: pair.server) == .closedInHandshake)
    }
  }

  @Test("a record changed on the way breaks the connection and delivers nothing")
  func tampered() throws {
    let pair = try EmbeddedPair(PKI())
    try pair.pump()
    pair.client.writeAndFlush(ByteBuffer(string: "transfer 100"), promise: nil)
    var record = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
    let last = record.writerIndex - 1
    record.setInteger(try #require(record.getInteger(at: last, as: UInt8.self)) ^ 1, at: last)
    #expect(throws: TLSConnectionError.self) { try pair.server.writeInbound(record) }
    #expect(try pair.server.readInbound(as: ByteBuffer.self) == nil)
    // The server's alert.
    #expect(throws: TLSConnectionError.self) { try pair.pump() }
  }

  /// The reason of the error that a channel caught; nil for none or another kind.
  private func reason(at channel: EmbeddedChannel) -> TLSConnectionError.Reason? {
    do {
      try channel.throwIfErrorCaught()
      return nil
    } catch {
      return (error as? TLSConnectionError)?.reason
    }
  }
}
