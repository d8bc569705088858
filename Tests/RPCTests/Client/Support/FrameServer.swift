internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TLS

@testable internal import RPC

/// A server made of frames alone, with no HTTP/2 library behind it that could refuse to be wrong.
final class FrameServer: Sendable {
  /// What a connection does; called on its event loop.
  struct Script: Sendable {
    /// After the server's first SETTINGS.
    var started: @Sendable (FrameConnection) -> Void = { _ in }
    /// A request's header list is complete.
    var opened: @Sendable (FrameConnection, Int32) -> Void = { _, _ in }
    /// A request is complete.
    var requested: @Sendable (FrameConnection, Int32) -> Void = { _, _ in }
    /// The transport is gone.
    var closed: @Sendable (FrameConnection) -> Void = { _ in }
  }

  let port: Int
  private let listener: any Channel
  private let seen: Seen

  final class Seen: Sendable {
    let connections = Mutex<[FrameConnection]>([])
  }

  init(_ tls: TLSContext, _ script: Script) async throws {
    let seen = Seen()
    self.seen = seen
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = FrameConnection(script)
          seen.connections.withLock { $0.append(connection) }
          try channel.pipeline.syncOperations.addHandlers(TLSHandler(server: tls), connection)
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = listener.localAddress?.port ?? 0
  }

  var connectionCount: Int { seen.connections.withLock { $0.count } }

  func close() async throws {
    try await listener.close()
    for connection in seen.connections.withLock({ $0 }) { connection.drop() }
  }
}

/// One connection of a `FrameServer`: takes frames apart, keeps to the client's flow control, and
/// answers SETTINGS and PING. The rest is the script's.
final class FrameConnection: ChannelInboundHandler, @unchecked Sendable {
  // Unchecked: confined to its event loop, but for `drop`, which hops, and `counts`.
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct Counts {
    var pingsOut = 0
    var pingsAcknowledged = 0
    var openStreams = 0
    var mostOpenStreams = 0
    var requests: [Int32] = []
  }
  let counts = Mutex(Counts())

  private let script: FrameServer.Script
  private var context: ChannelHandlerContext?
  private var input = ByteBuffer()
  private var hasPreface = false
  private var initialWindow = 65_535
  private var connectionWindow = 65_535
  private var windows: [Int32: Int] = [:]
  private var outbound: [(stream: Int32, bytes: ArraySlice<UInt8>, done: () -> Void)] = []

  init(_ script: FrameServer.Script) {
    self.script = script
  }

  // MARK: - Frames out

  enum FrameType: UInt8 {
    case data = 0
    case headers = 1
    case reset = 3
    case settings = 4
    case ping = 6
    case goAway = 7
    case windowUpdate = 8
  }

  func send(_ type: FrameType, flags: UInt8 = 0, stream: Int32 = 0, _ payload: [UInt8]) {
    let length = payload.count
    var frame: [UInt8] = [
      UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), type.rawValue,
      flags,
    ]
    frame += Self.word(UInt32(bitPattern: stream)) + payload
    context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: frame)), promise: nil)
  }

  static func word(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian, Array.init)
  }

  func sendSettings(_ entries: [(id: UInt16, value: UInt32)]) {
    send(
      .settings,
      entries.flatMap { entry in
        withUnsafeBytes(of: entry.id.bigEndian, Array.init) + Self.word(entry.value)
      })
  }

  /// `:status 200` and `content-type: application/grpc`, without Huffman coding (RFC 7541).
  func sendHeaders(on stream: Int32) {
    send(
      .headers, flags: 0x4, stream: stream,
      [0x88, 0x0f, 0x10, 16] + Array("application/grpc".utf8))
  }

  func sendStatus(_ code: UInt8, on stream: Int32) {
    let name = Array("grpc-status".utf8)
    let value = Array(String(code).utf8)
    send(
      .headers, flags: 0x5, stream: stream,
      [0, UInt8(name.count)] + name + [UInt8(value.count)] + value)
    counts.withLock { $0.openStreams -= 1 }
  }

  func sendReset(_ code: UInt32, on stream: Int32) {
    send(.reset, stream: stream, Self.word(code))
    counts.withLock { $0.openStreams -= 1 }
  }

  func sendGoAway(_ code: UInt32, lastStream: Int32) {
    send(.goAway, Self.word(UInt32(bitPattern: lastStream)) + Self.word(code))
  }

  func sendPing() {
    counts.withLock { $0.pingsOut += 1 }
    send(.ping, [UInt8](repeating: 7, count: 8))
  }

  /// Sends DATA as the client's windows allow, then calls back.
  func sendData(_ bytes: [UInt8], on stream: Int32, _ done: @escaping () -> Void) {
    outbound.append((stream, bytes[...], done))
    flushData()
  }

  private func flushData() {
    while let (stream, bytes, done) = outbound.first {
      let window = windows[stream, default: initialWindow]
      let count = min(bytes.count, window, connectionWindow, 16_384)
      guard count > 0 || bytes.isEmpty else { return }
      if count > 0 { send(.data, stream: stream, Array(bytes.prefix(count))) }
      windows[stream] = window - count
      connectionWindow -= count
      outbound[0].bytes = bytes.dropFirst(count)
      if outbound[0].bytes.isEmpty {
        outbound.removeFirst()
        done()
      }
    }
  }

  /// Ends the transport without a word.
  func drop() {
    context?.eventLoop.execute { self.context?.channel.close(promise: nil) }
  }

  // MARK: - Frames in

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is TLSHandshakeCompleted else { return }
    // Room for large requests, so that no test has to give any back.
    sendSettings([(0x4, 1 << 30)])
    send(.windowUpdate, Self.word(1 << 30))
    script.started(self)
  }

  func channelInactive(context: ChannelHandlerContext) {
    script.closed(self)
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    input.writeBuffer(&bytes)
    if !hasPreface {
      guard input.readSlice(length: 24) != nil else { return }
      hasPreface = true
    }
    while let head = input.getBytes(at: input.readerIndex, length: 9) {
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard input.readableBytes >= 9 + length else { break }
      input.moveReaderIndex(forwardBy: 9)
      let payload = input.readBytes(length: length) ?? []
      let stream = head[5...8].reduce(Int32(0)) { $0 << 8 | Int32($1) }
      received(FrameType(rawValue: head[3]), flags: head[4], stream, payload)
    }
    input.discardReadBytes()
  }

  private func received(_ type: FrameType?, flags: UInt8, _ stream: Int32, _ payload: [UInt8]) {
    let value = payload.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    switch type {
    case .headers:
      counts.withLock { counts in
        counts.requests.append(stream)
        counts.openStreams += 1
        counts.mostOpenStreams = max(counts.mostOpenStreams, counts.openStreams)
      }
      script.opened(self, stream)
      if flags & 1 != 0 { script.requested(self, stream) }
    case .data:
      if flags & 1 != 0 { script.requested(self, stream) }
    case .settings where flags & 1 == 0:
      receivedSettings(payload)
      send(.settings, flags: 1, [])
    case .ping where flags & 1 == 0: send(.ping, flags: 1, payload)
    case .ping: counts.withLock { $0.pingsAcknowledged += 1 }
    case .windowUpdate:
      if stream == 0 {
        connectionWindow += Int(value)
      } else {
        windows[stream, default: initialWindow] += Int(value)
      }
      flushData()
    default: break
    }
  }

  private func receivedSettings(_ payload: [UInt8]) {
    for start in stride(from: 0, to: payload.count, by: 6) {
      let id = UInt16(payload[start]) << 8 | UInt16(payload[start + 1])
      let value = payload[(start + 2)..<(start + 6)].reduce(0) { $0 << 8 | Int($1) }
      if id == 0x4 { initialWindow = value }
    }
  }
}
