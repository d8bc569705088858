internal import Logging
public import NIOCore
public import TLS

/// One address that a server listens on, with what it offers there and to whom.
public struct Listener: Sendable {
  /// Port 0 takes any free port; `RPCServer.addresses` tells which.
  public var address: SocketAddress
  public var tls: TLSContext
  public var router: Router
  /// The first one is outermost.
  public var interceptors: [any ServerInterceptor]
  public var limits: ServerLimits

  public init(
    address: SocketAddress, tls: TLSContext, router: Router,
    interceptors: [any ServerInterceptor] = [], limits: ServerLimits = .standard
  ) {
    self.address = address
    self.tls = tls
    self.router = router
    self.interceptors = interceptors
    self.limits = limits
  }
}

/// What is told about every call of a server. Called on event loops: must return at once.
public protocol RPCMetrics: Sendable {
  /// A handler is about to run.
  func callStarted(path: String)

  /// A call has its status. `path` is `unknown` for one that has no handler, `duration` counts from
  /// the headers to the status, bytes are those of messages with their prefixes. A call that was
  /// refused before its handler ran was not started.
  func callFinished(
    path: String, code: StatusCode, duration: Duration, receivedBytes: Int, sentBytes: Int)

  /// A connection has finished its handshake.
  func connectionOpened()
  func connectionClosed()
  /// A connection was ended, or not even begun, since its peer costs too much. Once a connection;
  /// but `handshakes` and `handlers`, which end none, once in ten seconds while they last.
  func connectionEnded(by defence: Defence)
  /// TLS ended a connection, in its handshake most often; `reason.label` is one of a few words.
  func handshakeRefused(_ reason: TLSConnectionError.Reason)
  /// A connection was ended because its peer's certificate is no good any more.
  func peerCut(_ problem: CertificateProblem)
}

extension RPCMetrics {
  public func handshakeRefused(_ reason: TLSConnectionError.Reason) {}
  public func peerCut(_ problem: CertificateProblem) {}
}

/// What the connections of one listener share.
final class ListenerState: Sendable {
  let tls: TLSContext
  let routes: RouteTable
  let interceptors: [any ServerInterceptor]
  let limits: ServerLimits
  let metrics: (any RPCMetrics)?
  let logger: Logger
  let connections = ConnectionRegistry()
  let refusals: RefusedHandshakes
  let timeouts: CallTimeouts
  let defenceLines: LogBudget
  let handlers: HandlerPlaces

  init(_ listener: Listener, metrics: (any RPCMetrics)?, logger: Logger) {
    tls = listener.tls
    routes = RouteTable(listener.router.routes)
    interceptors = listener.interceptors
    limits = listener.limits
    refusals = RefusedHandshakes(listener.limits.refusalLines)
    timeouts = CallTimeouts(listener.limits)
    defenceLines = LogBudget(listener.limits.defenceLines)
    handlers = HandlerPlaces(listener.limits.listenerHandlers)
    self.metrics = metrics
    self.logger = logger
  }
}

/// The limits on times that every call looks at, in nanoseconds.
struct CallTimeouts: Sendable {
  let request: Int64
  let defaultDeadline: Int64
  let maximumDeadline: Int64

  init(_ limits: ServerLimits) {
    request = limits.requestTimeout.wholeNanoseconds
    defaultDeadline = limits.defaultDeadline.wholeNanoseconds
    maximumDeadline = limits.maximumDeadline.wholeNanoseconds
  }
}
