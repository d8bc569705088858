internal import NIOCore
internal import NIOEmbedded
internal import TLS

/// Two ends without sockets: every buffer that passes is in the test's hands, and time too.
final class EmbeddedPair {
  let client: EmbeddedChannel
  let server: EmbeddedChannel

  convenience init(_ pki: PKI, timeouts: TLSTimeouts = .standard) throws {
    try self.init(
      TLSContext(pki.clientConfiguration()), TLSContext(pki.serverConfiguration()),
      timeouts: timeouts)
  }

  init(_ client: TLSContext, _ server: TLSContext, timeouts: TLSTimeouts = .standard) throws {
    self.client = EmbeddedChannel(
      handler: try TLSHandler(client: client, expecting: .uri(PKI.serverURI), timeouts: timeouts))
    self.server = EmbeddedChannel(handler: TLSHandler(server: server, timeouts: timeouts))
    for channel in [self.server, self.client] {
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }
  }

  /// Carries ciphertext both ways until neither end has anything to say.
  func pump() throws {
    var idle = false
    while !idle {
      idle = true
      while let buffer = try client.readOutbound(as: ByteBuffer.self) {
        idle = false
        try server.writeInbound(buffer)
      }
      while let buffer = try server.readOutbound(as: ByteBuffer.self) {
        idle = false
        try client.writeInbound(buffer)
      }
    }
  }

  /// The sizes of the TLS records in a buffer.
  static func records(_ buffer: ByteBuffer) -> [Int] {
    var rest = buffer
    var sizes: [Int] = []
    while let header = rest.readBytes(length: 5) {
      let size = Int(header[3]) << 8 | Int(header[4])
      guard rest.readSlice(length: size) != nil else { return sizes + [-1] }
      sizes.append(size)
    }
    return sizes
  }
}
