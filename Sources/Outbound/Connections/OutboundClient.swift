internal import Domain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import ServiceKit
public import TLS

/// What is posted to a URL that a tenant chose.
public struct OutboundRequest: Sendable {
  public let url: HTTPSURL
  /// Besides `host`, `content-length` and `user-agent`.
  public let fields: [(name: String, value: String)]
  public let body: [UInt8]

  public init(url: HTTPSURL, fields: [(name: String, value: String)], body: [UInt8]) {
    self.url = url
    self.fields = fields
    self.body = body
  }
}

/// What came back; how much of the body, the client decides.
public struct OutboundAnswer: Sendable, Hashable {
  public let status: Int
  /// The `Retry-After` field (RFC 9110 §10.2.3), as it was written.
  public let retryAfter: String?

  public init(status: Int, retryAfter: String?) {
    self.status = status
    self.retryAfter = retryAfter
  }
}

/// `POST` over HTTP/1.1 and our own TLS to URLs that tenants chose: only to addresses that the guard
/// allows, no redirections, no cookies, no credentials, bodies of answers read and dropped.
public struct OutboundClient: Sendable {
  let tls: TLSContext
  let resolver: GuardedResolver
  /// For the connection with its handshake.
  let connectTimeout: Duration
  /// For each answer.
  let timeout: Duration

  /// Standard Webhooks asks for 15 to 30 s.
  public static let usualTimeout = Duration.seconds(20)
  /// Bytes of an answer's body that are read to keep the connection; beyond, it is closed.
  public static let bodyLimit = 64 << 10

  /// - Parameters:
  ///   - authorities: PEM file of whom to trust.
  ///   - connectTimeout: As `timeout` if nil.
  public init(
    authorities: String, addressGuard: AddressGuard, timeout: Duration = usualTimeout,
    connectTimeout: Duration? = nil
  ) throws(TLSError) {
    var configuration = TLSConfiguration.client(trustRootsFile: authorities)
    configuration.applicationProtocols = ["http/1.1"]
    configuration.requiresApplicationProtocol = false
    tls = try TLSContext(configuration)
    resolver = GuardedResolver(addressGuard: addressGuard)
    self.timeout = timeout
    self.connectTimeout = connectTimeout ?? timeout
  }

  /// Sends one request on a connection of its own.
  public func post(_ request: OutboundRequest) async throws(OutboundFault) -> OutboundAnswer {
    let connection = try await connect(to: request.url)
    defer { connection.close() }
    return try await connection.post(request)
  }

  /// A connection for one request after another, to whoever has proved to be the URL's host.
  public func connect(to url: HTTPSURL) async throws(OutboundFault) -> OutboundConnection {
    let addresses = try await resolver.addresses(of: url.host, port: url.port)
    var fault = OutboundFault.forbiddenAddress
    for address in addresses.prefix(Self.mostAddresses) {
      do {
        let usability = Usability()
        return OutboundConnection(
          channel: try await open(address, url, usability), usability: usability,
          timeout: timeout, host: url.authority)
      } catch {
        fault = (error as? OutboundFault) ?? .connection("\(error)")
      }
    }
    throw fault
  }

  private static let mostAddresses = 3

  private func open(
    _ address: SocketAddress, _ url: HTTPSURL, _ usability: Usability
  ) async throws -> any Channel {
    let (tls, timeout) = (tls, connectTimeout)
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
                client: tls, expecting: .hostname(url.host),
                timeouts: TLSTimeouts(handshake: timeout)))
            try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
            try pipeline.addHandler(ExchangeHandler(usability, ready: ready))
          }
        }
        .connect(to: address).get()
      try await ready.futureResult.get()
      return channel
    } catch {
      ready.fail(error)
      throw error
    }
  }
}

/// One connection, used for one request at a time.
public struct OutboundConnection: Sendable {
  fileprivate let channel: any Channel
  fileprivate let usability: Usability
  fileprivate let timeout: Duration
  fileprivate let host: String

  /// Whether another request may be tried on it.
  public var isOpen: Bool { usability.isUsable && channel.isActive }

  public func close() { channel.close(promise: nil) }

  public func post(_ request: OutboundRequest) async throws(OutboundFault) -> OutboundAnswer {
    let promise = channel.eventLoop.makePromise(of: OutboundAnswer.self)
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: request.url.target)
    head.headers = [
      "host": host, "user-agent": "lockbox", "content-length": "\(request.body.count)",
    ]
    for field in request.fields { head.headers.add(name: field.name, value: field.value) }
    let exchange = Exchange(
      head: head, body: ByteBuffer(bytes: request.body), timeout: timeout, answer: promise)
    channel.writeAndFlush(exchange).whenFailure { promise.fail(OutboundFault.connection("\($0)")) }
    do {
      return try await promise.futureResult.get()
    } catch let fault as OutboundFault {
      throw fault
    } catch {
      throw .connection("\(error)")
    }
  }
}
