internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import TLS

@Suite("A client's first bytes")
struct FirstBytesTests {
  private let pki: PKI

  init() throws { pki = try PKI() }

  private func server() throws -> (channel: EmbeddedChannel, handler: TLSHandler) {
    let handler = TLSHandler(server: try TLSContext(pki.serverConfiguration()))
    let channel = EmbeddedChannel(handler: handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return (channel, handler)
  }

  @Test("nothing is made for a client that has not said a whole word, then the handshake goes on")
  func piecemeal() throws {
    let pair = try EmbeddedPair(pki)
    let hello = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
    let handler = try pair.server.pipeline.syncOperations.handler(type: TLSHandler.self)
    for byte in hello.readableBytesView {
      #expect(handler.connection == nil)
      try pair.server.writeInbound(ByteBuffer(bytes: [byte]))
    }
    #expect(handler.connection != nil)
    #expect(handler.hello.readableBytes == 0)
    try pair.pump()
    pair.client.writeAndFlush(ByteBuffer(string: "hi"), promise: nil)
    try pair.pump()
    let received = try #require(try pair.server.readInbound(as: ByteBuffer.self))
    #expect(String(buffer: received) == "hi")
  }

  @Test(
    "what can never be a handshake is libssl's to refuse at once",
    arguments: [
      Array("GET / HTTP/1.1\r\n\r\n".utf8), [22, 9, 1, 0, 4, 1, 0, 0, 0], [22, 3, 1, 255, 255],
    ])
  func nonsense(_ bytes: [UInt8]) throws {
    let (channel, handler) = try server()
    #expect(throws: TLSConnectionError.self) { try channel.writeInbound(ByteBuffer(bytes: bytes)) }
    #expect(handler.state == .finishing)
  }
}
