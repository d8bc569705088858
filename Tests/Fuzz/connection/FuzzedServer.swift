internal import FuzzSupport
internal import Logging
internal import NIOCore
internal import NIOEmbedded
internal import TLS

@testable internal import RPC

/// A server's connection without sockets, TLS or threads, after its handshake.
final class FuzzedServer {
  private let channel = EmbeddedChannel()
  private let listener: ListenerState
  private weak var connection: ServerConnection?
  private var sent = FrameCount()

  init() {
    listener = ListenerState(Echo.listener, metrics: nil, logger: Echo.silent)
    let connection = ServerConnection(
      listener: listener, executor: LoopExecutor(loop: channel.embeddedEventLoop))
    self.connection = connection
    requireSuccess("a channel") {
      try channel.pipeline.syncOperations.addHandler(connection)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }
    channel.pipeline.fireUserInboundEventTriggered(
      TLSHandshakeCompleted(applicationProtocol: "h2", peer: nil))
    run()
  }

  func deliver(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, channel.isActive else { return }
    // Errors end the connection; they are not the channel's.
    _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
    run()
  }

  func passSecond() {
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    run()
  }

  func drain() {
    connection?.drain(endingStreams: true)
    run()
  }

  /// The client hangs up: nothing is left behind, and little was sent for what came.
  func end(received: Int) {
    _ = try? channel.finish(acceptAlreadyClosed: true)
    run()
    require(listener.connections.all.isEmpty, "a closed connection is still registered")
    require(connection == nil, "a closed connection lives on")
    // Each frame is answered by at most one small answer, each request by a few.
    require(
      sent.bytes <= 1 << 12 + 256 * received, "\(sent.bytes) bytes were sent for \(received)")
  }

  private func run() {
    channel.embeddedEventLoop.run()
    while let bytes = try? channel.readOutbound(as: ByteBuffer.self) {
      sent.add(Array(bytes.readableBytesView))
    }
    require(sent.openFrames <= 1 << 14, "a frame above the client's SETTINGS_MAX_FRAME_SIZE")
  }
}

/// Walks the frames that a server sends: each must be whole and no longer than allowed.
struct FrameCount {
  private(set) var bytes = 0
  /// The largest payload met.
  private(set) var openFrames = 0
  private var header: [UInt8] = []
  private var rest = 0

  mutating func add(_ sent: [UInt8]) {
    for byte in sent {
      bytes += 1
      if rest > 0 {
        rest -= 1
        continue
      }
      header.append(byte)
      guard header.count == 9 else { continue }
      rest = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
      require(header[3] <= 9, "a frame of the type \(header[3])")
      require(header[3] != 5, "a promise")
      openFrames = max(openFrames, rest)
      header = []
    }
  }
}
