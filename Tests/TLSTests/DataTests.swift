internal import DevPKI
internal import NIOCore
internal import TLS
internal import Testing

@Suite("Data", .timeLimit(.minutes(1)))
struct DataTests {
  @Test("ten megabytes arrive intact in both directions at once")
  func large() async throws {
    let pki = try PKI()
    let server = try await Loopback(TLSContext(pki.serverConfiguration()))
    let near = try await server.connect(TLSContext(pki.clientConfiguration()))
    let far = try await server.accept()
    let size = 10 << 20
    let there = Self.bytes(atLeast: size, seed: 1)
    let back = Self.bytes(atLeast: size, seed: 2)
    async let sentThere: Void = near.send(there)
    async let sentBack: Void = far.send(back)
    async let atServer = far.outcome { $0.bytes.count >= there.count }
    async let atClient = near.outcome { $0.bytes.count >= there.count }
    #expect(await atServer.bytes == there)
    #expect(await atClient.bytes == back)
    _ = try await (sentThere, sentBack)
    try await near.channel.close()
    try await server.close()
  }

  @Test("an end that asks for each read itself gets the handshake done and its data when it asks")
  func withoutAutoRead() async throws {
    let pki = try PKI()
    let server = try await Loopback(TLSContext(pki.serverConfiguration()), autoRead: false)
    let near = try await server.connect(
      TLSContext(pki.clientConfiguration()), greeting: [1, 2, 3])
    let far = try await server.accept()
    let open = await far.outcome { $0.handshake != nil }
    far.channel.read()
    let outcome = await far.outcome(after: open) { $0.bytes.count == 3 }
    #expect(outcome.bytes == [1, 2, 3])
    try await near.channel.close()
    try await server.close()
  }

  @Test("a connection cut without close_notify is truncated, one closed with it is not")
  func truncation() async throws {
    let pki = try PKI()
    let server = try await Loopback(TLSContext(pki.serverConfiguration()))
    let client = try TLSContext(pki.clientConfiguration())
    for polite in [true, false] {
      let near = try await server.connect(client, greeting: [1])
      let far = try await server.accept()
      let open = await far.outcome { $0.bytes.count == 1 }
      if polite {
        try await near.channel.close()
      } else {
        // Below the handler: the socket goes and TLS says nothing.
        try await near.channel.pipeline.context(handlerType: TLSHandler.self)
          .flatMap { $0.close() }.get()
      }
      #expect(await far.outcome(after: open).reasons == (polite ? [] : [.truncated]))
    }
    try await server.close()
  }

  /// Blocks of a prime length, so that no record boundary meets the same bytes twice.
  private static func bytes(atLeast size: Int, seed: Int) -> [UInt8] {
    let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &* seed) }
    var bytes: [UInt8] = []
    while bytes.count < size { bytes += block }
    return bytes
  }
}
