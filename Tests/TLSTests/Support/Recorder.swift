internal import NIOCore
internal import TLS

/// What happened to one end of a connection so far.
struct Outcome: Sendable {
  var handshake: TLSHandshakeCompleted?
  var bytes: [UInt8] = []
  var errors: [any Error] = []
  var isClosed = false

  var reasons: [TLSConnectionError.Reason] {
    errors.compactMap { ($0 as? TLSConnectionError)?.reason }
  }
}

/// The application of a test: says its greeting as soon as it may, and tells what it sees.
final class Recorder: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Event: Sendable {
    case handshake(TLSHandshakeCompleted)
    case bytes([UInt8])
    case error(any Error)
    case closed
  }

  let greeting: [UInt8]
  private let events: AsyncStream<Event>.Continuation

  init(greeting: [UInt8], events: AsyncStream<Event>.Continuation) {
    self.greeting = greeting
    self.events = events
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let completed = event as? TLSHandshakeCompleted else { return }
    events.yield(.handshake(completed))
    guard !greeting.isEmpty else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: greeting)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    events.yield(.bytes(Array(unwrapInboundIn(data).readableBytesView)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { events.yield(.error(error)) }

  func channelInactive(context: ChannelHandlerContext) {
    events.yield(.closed)
    events.finish()
  }
}

/// One end of a connection, seen from a test.
struct Peer: Sendable {
  let channel: any Channel
  private let events: AsyncStream<Recorder.Event>

  init(channel: any Channel, events: AsyncStream<Recorder.Event>) {
    self.channel = channel
    self.events = events
  }

  /// Looks on until the condition holds or the connection is over. Once for each peer, or again
  /// with the outcome so far.
  func outcome(
    after start: Outcome = Outcome(), until isEnough: (Outcome) -> Bool = { $0.isClosed }
  ) async -> Outcome {
    var outcome = start
    if isEnough(outcome) { return outcome }
    for await event in events {
      switch event {
      case .handshake(let completed): outcome.handshake = completed
      case .bytes(let bytes): outcome.bytes += bytes
      case .error(let error): outcome.errors.append(error)
      case .closed: outcome.isClosed = true
      }
      if isEnough(outcome) { break }
    }
    return outcome
  }

  func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }
}
