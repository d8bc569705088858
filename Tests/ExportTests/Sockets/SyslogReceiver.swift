internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TLS
internal import TestKit

/// A receiver of syslog over TLS on loopback: it reads frames by their octet counts.
final class SyslogReceiver: Sendable {
  fileprivate struct State {
    var messages: [String] = []
    var malformed = 0
    var connections: [any Channel] = []
    var readsNothing = false
  }

  fileprivate let state = Mutex(State())
  private let channel = Mutex<(any Channel)?>(nil)
  private let tls: TLSContext

  init(_ pki: TestPKI, name: String = "syslog") throws {
    let files = pki.files(name, uri: nil)
    var configuration = TLSConfiguration.server(
      identity: .init(chainFile: files.certificate, keyFile: files.key), clientCertificates: .none)
    configuration.requiresApplicationProtocol = false
    tls = try TLSContext(configuration)
  }

  @discardableResult
  func start(port: Int = 0) async throws -> Int {
    let tls = tls
    let bound = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] child in
        state.withLock { $0.connections.append(child) }
        return child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.addHandlers(
            TLSHandler(server: tls), FrameHandler(self))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    channel.withLock { $0 = bound }
    return bound.localAddress?.port ?? 0
  }

  /// Stops listening and ends every connection.
  func stop() async {
    let bound = channel.withLock { $0.take() }
    try? await bound?.close().get()
    for connection in state.withLock({ $0.connections }) {
      try? await connection.close().get()
    }
  }

  var messages: [String] { state.withLock { $0.messages } }
  var malformed: Int { state.withLock { $0.malformed } }
  var connections: Int { state.withLock { $0.connections.count } }
}

private final class FrameHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let receiver: SyslogReceiver
  private var pending = ByteBuffer()

  init(_ receiver: SyslogReceiver) { self.receiver = receiver }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    pending.writeBuffer(&bytes)
    while let message = next() { receiver.state.withLock { $0.messages.append(message) } }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func next() -> String? {
    let view = pending.readableBytesView
    guard let space = view.firstIndex(of: 0x20) else { return nil }
    guard let count = Int(String(decoding: view[..<space], as: UTF8.self)) else {
      receiver.state.withLock { $0.malformed += 1 }
      pending.clear()
      return nil
    }
    let header = space - view.startIndex + 1
    guard view.count >= header + count else { return nil }
    pending.moveReaderIndex(forwardBy: header)
    return pending.readString(length: count)
  }
}
