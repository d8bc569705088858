internal import Domain
internal import NIOCore
internal import NIOPosix
internal import Outbound
internal import ServiceKit
internal import TLS

/// Connections to syslog receivers over our own TLS (RFC 5425), only to addresses that the guard
/// allows. The receiver's certificate must name the host.
struct SyslogClient: Sendable {
  let tls: TLSContext
  let resolver: GuardedResolver
  /// For the connection with its handshake, and for the acknowledgement of what is sent.
  let timeout: Duration

  /// - Parameter authorities: PEM file of whom to trust.
  init(
    authorities: String, addressGuard: AddressGuard,
    timeout: Duration = OutboundClient.usualTimeout
  ) throws(TLSError) {
    var configuration = TLSConfiguration.client(trustRootsFile: authorities)
    // RFC 5425 knows no ALPN.
    configuration.applicationProtocols = []
    configuration.requiresApplicationProtocol = false
    tls = try TLSContext(configuration)
    resolver = GuardedResolver(addressGuard: addressGuard)
    self.timeout = timeout
  }

  /// Returns when the receiver has proved who it is.
  func connect(to address: Address) async throws(OutboundFault) -> SyslogConnection {
    let addresses = try await resolver.addresses(of: address.host, port: address.port)
    var fault = OutboundFault.forbiddenAddress
    for candidate in addresses.prefix(3) {
      do {
        return try await open(candidate, host: address.host)
      } catch {
        fault = error
      }
    }
    throw fault
  }

  private func open(
    _ address: SocketAddress, host: String
  ) async throws(OutboundFault) -> SyslogConnection {
    let (tls, timeout) = (tls, timeout)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let ready = loop.makePromise(of: Void.self)
    do {
      let channel = try await ClientBootstrap(group: loop)
        .connectTimeout(.nanoseconds(timeout.nanosecondsClamped))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
              try TLSHandler(
                client: tls, expecting: .hostname(host), timeouts: TLSTimeouts(handshake: timeout)))
            try pipeline.addHandler(SyslogHandler(ready: ready))
          }
        }
        .connect(to: address).get()
      try await ready.futureResult.get()
      return SyslogConnection(channel: channel, timeout: timeout)
    } catch {
      ready.fail(error)
      throw .connection("\(error)")
    }
  }
}

/// An open connection to a syslog receiver.
struct SyslogConnection: Sendable {
  fileprivate let channel: any Channel
  fileprivate let timeout: Duration

  var isOpen: Bool { channel.isActive }

  func close() { channel.close(promise: nil) }

  /// Sends bytes, and returns once the receiver's system has acknowledged all of them: as long as it
  /// takes no more, nothing else is sent.
  func send(_ bytes: [UInt8]) async throws(OutboundFault) {
    let acknowledged = channel.eventLoop.makePromise(of: Void.self)
    let deadline = NIODeadline.now() + .nanoseconds(timeout.nanosecondsClamped)
    let timer = channel.eventLoop.scheduleTask(deadline: deadline) {
      acknowledged.fail(OutboundFault.timedOut(timeout))
    }
    defer { timer.cancel() }
    channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { result in
      switch result {
      case .success: awaitAcknowledgement(acknowledged, until: deadline)
      case .failure(let error): acknowledged.fail(OutboundFault.connection("\(error)"))
      }
    }
    do {
      try await acknowledged.futureResult.get()
    } catch let fault as OutboundFault {
      throw fault
    } catch {
      throw .connection("\(error)")
    }
  }

  /// Looks at what TCP holds for the peer, sent or not, every few milliseconds: there is no event
  /// that tells.
  private func awaitAcknowledgement(
    _ acknowledged: EventLoopPromise<Void>, until deadline: NIODeadline
  ) {
    guard channel.isActive else { return acknowledged.fail(OutboundFault.closed) }
    guard NIODeadline.now() < deadline, let options = channel as? any SocketOptionProvider else {
      return acknowledged.fail(OutboundFault.timedOut(timeout))
    }
    let queued: EventLoopFuture<SocketMemory> = options.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: SocketMemory.option))
    queued.whenComplete { result in
      switch result {
      case .success(let memory) where memory.writeQueue == 0: acknowledged.succeed()
      case .success:
        channel.eventLoop.scheduleTask(in: .milliseconds(2)) {
          awaitAcknowledgement(acknowledged, until: deadline)
        }
      case .failure(let error): acknowledged.fail(OutboundFault.connection("\(error)"))
      }
    }
  }
}

/// What `SO_MEMINFO` tells of a socket (Linux, `linux/sock_diag.h`).
private struct SocketMemory: Sendable {
  /// `SO_MEMINFO`, which glibc's headers do not name.
  static let option: CInt = 55

  private var received: UInt32 = 0
  private var receiveLimit: UInt32 = 0
  private var sending: UInt32 = 0
  private var sendLimit: UInt32 = 0
  private var forward: UInt32 = 0
  /// `SK_MEMINFO_WMEM_QUEUED`: 0 once the peer's system has acknowledged everything.
  private(set) var writeQueue: UInt32 = 0
  private var options: UInt32 = 0
  private var backlog: UInt32 = 0
  private var dropped: UInt32 = 0
}

/// Waits for the handshake; what a receiver sends is dropped, since syslog has no answers.
private final class SyslogHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let ready: EventLoopPromise<Void>

  init(ready: EventLoopPromise<Void>) {
    self.ready = ready
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is TLSHandshakeCompleted { ready.succeed() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ready.fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    ready.fail(OutboundFault.closed)
    context.fireChannelInactive()
  }
}
