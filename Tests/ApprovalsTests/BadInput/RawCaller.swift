internal import Domain
internal import NIOCore
internal import NIOPosix
internal import ServiceKit
internal import StandardProto
internal import TLS
internal import TestKit

@testable internal import RPC

/// Sends what no program of ours would: any bytes for a message, for HTTP/2, for TLS.
struct RawCaller: Sendable {
  let installation: TestInstallation
  let address: Address
  let peer: ServiceName

  /// Calls a method with these bytes for the request's message.
  func call(_ path: String, _ message: [UInt8], options: CallOptions) async throws {
    let pool = ClientPool(
      target: RPCTarget(host: address.host, port: address.port), tls: try context(),
      peer: expected, options: RPCClientOptions(),
      loop: MultiThreadedEventLoopGroup.singleton.next())
    let length = UInt32(message.count).bigEndian
    let call = UnaryCall(
      .init(
        path: path, metadata: options.metadata,
        message: [0] + withUnsafeBytes(of: length, Array.init) + message),
      deadline: .now() + .seconds(10), timeout: .seconds(10), waitForReady: false,
      retry: nil, maximumResponseBytes: 1 << 20)
    let answer = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<UnaryCall.Answer, Never>) in
      call.continuation = continuation
      pool.post(.start(call))
    }
    await withCheckedContinuation { continuation in
      pool.loop.execute { pool.shutDown(grace: .zero) { continuation.resume() } }
    }
    _ = try answer.get()
  }

  /// Connects, sends bytes in place of TLS, and waits until the service has ended the connection.
  func sendInPlaceOfTLS(_ bytes: [UInt8]) async throws {
    try await send(bytes) { _ in }
  }

  /// Connects with TLS, sends bytes in place of HTTP/2, and waits until the service has ended the
  /// connection.
  func sendInPlaceOfHTTP2(_ bytes: [UInt8]) async throws {
    let (context, expected) = (try context(), expected)
    try await send(bytes) { channel in
      try channel.pipeline.syncOperations.addHandler(
        TLSHandler(client: context, expecting: expected))
    }
  }

  private func send(
    _ bytes: [UInt8], _ prepare: @escaping @Sendable (any Channel) throws -> Void
  ) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try prepare(channel)
          try channel.pipeline.syncOperations.addHandler(Swallow())
        }
      }
      .connect(host: address.host, port: address.port).get()
    // It may be gone already by the time that all is sent.
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    try await channel.closeFuture.get()
  }

  private func context() throws -> TLSContext {
    try TLSContext(.client(trustRootsFile: installation.pki.authorities))
  }

  private var expected: ExpectedPeer { .uri(peer.spiffeID(in: TestPKI.trustDomain)) }
}

/// Takes whatever comes, errors too.
private final class Swallow: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
