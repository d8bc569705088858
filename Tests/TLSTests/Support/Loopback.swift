internal import NIOCore
internal import NIOPosix
internal import TLS

/// A TLS server on a loopback port that hands out the ends of its connections.
struct Loopback: Sendable {
  let channel: any Channel
  private let accepted: AsyncStream<Peer>

  init(
    _ context: TLSContext, greeting: [UInt8] = [], timeouts: TLSTimeouts = .standard,
    autoRead: Bool = true
  ) async throws {
    let (accepted, continuation) = AsyncStream.makeStream(of: Peer.self)
    self.accepted = accepted
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: autoRead)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          let (events, recorder) = AsyncStream.makeStream(of: Recorder.Event.self)
          try child.pipeline.syncOperations.addHandlers([
            TLSHandler(server: context, timeouts: timeouts),
            Recorder(greeting: greeting, events: recorder),
          ])
          continuation.yield(Peer(channel: child, events: events))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { channel.localAddress?.port ?? 0 }

  /// The server's end of the next connection.
  func accept() async throws -> Peer {
    for await peer in accepted { return peer }
    throw ChannelError.alreadyClosed
  }

  /// A client's end.
  func connect(
    _ context: TLSContext, expecting peer: ExpectedPeer = .uri(PKI.serverURI),
    greeting: [UInt8] = [], timeouts: TLSTimeouts = .standard
  ) async throws -> Peer {
    try await Self.connect(port: port, greeting: greeting) {
      [try TLSHandler(client: context, expecting: peer, timeouts: timeouts)]
    }
  }

  /// A client's end without TLS.
  func connectPlain() async throws -> Peer {
    try await Self.connect(port: port, greeting: []) { [] }
  }

  static func connect(
    port: Int, greeting: [UInt8], _ handlers: @escaping @Sendable () throws -> [any ChannelHandler]
  ) async throws -> Peer {
    let (events, recorder) = AsyncStream.makeStream(of: Recorder.Event.self)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            handlers() + [Recorder(greeting: greeting, events: recorder)])
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return Peer(channel: channel, events: events)
  }

  func close() async throws { try await channel.close() }
}
